import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** @param {string} message @param {string[]} group */
function forbid(message, ...group) {
  return ['error', { patterns: [{ group, message }] }];
}

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/api/generated'] },
  { files: ['**/*.{ts,tsx}'], extends: [...tseslint.configs.strictTypeChecked], languageOptions: { parserOptions: { projectService: true } } },
  { files: ['**/*.{ts,tsx}'], ...hooks.configs.flat.recommended },
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Numbers in texts are meant.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // The API client names the type of an answer that nothing in the arguments tells.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // api.post<void> is an operation that answers without a body.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // Routes throw redirects and refusals that are no errors.
      '@typescript-eslint/only-throw-error': 'off',
    },
  },
  // The one direction: app → modules → kit → ui and api.
  {
    files: ['src/api/**', 'src/i18n/**', 'src/theme/**'],
    rules: { 'no-restricted-imports': forbid('api, i18n and theme know nothing above them.', '**/ui/*', '**/kit/*', '**/app/*', '**/modules/*', '**/modules') },
  },
  {
    files: ['src/ui/**'],
    rules: {
      'no-restricted-imports': forbid(
        'ui is dumb: no router, no queries, nothing from above. Put it into kit.',
        '**/kit/*',
        '**/app/*',
        '**/modules/*',
        '**/modules',
        '@tanstack/react-router',
        '@tanstack/react-query',
        '**/api/client',
      ),
    },
  },
  {
    files: ['src/kit/**'],
    rules: { 'no-restricted-imports': forbid('kit knows no module and not the app.', '**/app/*', '**/modules/*', '**/modules') },
  },
  {
    files: ['src/modules/**'],
    rules: { 'no-restricted-imports': forbid('A module imports neither the app nor another module.', '**/app/*', '../../modules/*', '../[a-z]*/**') },
  },
);
