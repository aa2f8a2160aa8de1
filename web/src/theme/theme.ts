import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';
import parts from './parts.module.css';

const lagoon: MantineColorsTuple = [
  '#EDF7F6',
  '#D6EDEB',
  '#ADDAD6',
  '#7CC2BD',
  '#4BA69F',
  '#258A84',
  '#0F6F6A',
  '#0B5B57',
  '#0A4D4A',
  '#08393A',
];

/** Widths in px at which the layout changes; the same numbers stand in the media queries of the style sheets. */
export const breakpoint = { card: 640, phone: 768, side: 1100, menu: 1200, wide: 1440 } as const;

function em(px: number): string {
  return `${px / 16}em`;
}

/**
 * The component library dressed as Almoner. Parts are named, not imported: the dress must not pull parts into the first
 * script that the page does not use.
 */
export const theme = createTheme({
  primaryColor: 'lagoon',
  primaryShade: { light: 6, dark: 4 },
  colors: { lagoon },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font-mono)',
  headings: {
    fontFamily: 'var(--font)',
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '28px', fontWeight: 'var(--heavy)' },
      h2: { fontSize: '16px', lineHeight: '24px' },
      h3: { fontSize: '14px', lineHeight: '20px' },
    },
  },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.34', sm: '1.385', md: '1.43' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '14px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  breakpoints: {
    xs: em(breakpoint.card),
    sm: em(breakpoint.phone),
    md: em(breakpoint.side),
    lg: em(breakpoint.menu),
    xl: em(breakpoint.wide),
  },
  components: {
    Button: {
      defaultProps: { variant: 'filled', size: 'sm', loaderProps: { type: 'oval', size: 14 } },
      classNames: { root: parts.button },
    },
    ActionIcon: {
      defaultProps: { variant: 'subtle', size: 32 },
      classNames: { root: parts.iconButton },
    },
    Input: { classNames: { input: parts.input, wrapper: parts.inputWrapper } },
    InputWrapper: {
      defaultProps: { withAsterisk: false },
      classNames: { label: parts.label, description: parts.help, error: parts.error },
    },
    Checkbox: {
      defaultProps: { radius: 'xs' },
      classNames: { input: parts.check, label: parts.checkLabel, description: parts.checkHelp },
    },
    Switch: { classNames: { input: parts.switch, track: parts.track, label: parts.switchLabel, description: parts.switchHelp } },
    SegmentedControl: {
      defaultProps: { size: 'sm', transitionDuration: 120 },
      classNames: { root: parts.segmented, indicator: parts.segmentedMark, label: parts.segmentedLabel },
    },
    Tabs: { classNames: { list: parts.tabList, tab: parts.tab } },
    Table: {
      defaultProps: { verticalSpacing: 0, horizontalSpacing: 8, fz: 13 },
      classNames: { th: parts.th, td: parts.td, tr: parts.tr },
    },
    Progress: { defaultProps: { size: 6, radius: 3 } },
    Alert: { defaultProps: { radius: 'md' } },
    Kbd: { classNames: { root: parts.kbd } },
    Pagination: { defaultProps: { size: 'sm' } },
    Modal: {
      defaultProps: {
        radius: 'xl',
        shadow: 'none',
        centered: true,
        transitionProps: { transition: 'pop', duration: 200 },
              },
      classNames: { overlay: parts.veil, content: parts.dialog, header: parts.dialogHead, title: parts.dialogTitle, body: parts.dialogBody },
    },
    Drawer: {
      defaultProps: { shadow: 'none', transitionProps: { duration: 160 } },
      classNames: { overlay: parts.veil, content: parts.drawer, header: parts.dialogHead, title: parts.dialogTitle },
    },
    Menu: {
      defaultProps: { shadow: 'none', radius: 'md', transitionProps: { duration: 160 }, position: 'bottom-start' },
      classNames: { dropdown: parts.dropdown, item: parts.menuItem, label: parts.menuLabel },
    },
    MenuRadioItem: { classNames: { item: parts.menuItem } },
    MenuCheckboxItem: { classNames: { item: parts.menuItem } },
    Popover: {
      defaultProps: { shadow: 'none', radius: 'md', transitionProps: { duration: 160 } },
      classNames: { dropdown: parts.dropdown },
    },
    Tooltip: {
      defaultProps: { openDelay: 300, withArrow: false, events: { hover: true, focus: true, touch: true } },
      classNames: { tooltip: parts.tooltip },
    },
  },
});

/** Maps our tokens onto the library's own variables, so that parts nobody restyled fit as well. */
export const cssVariables: CSSVariablesResolver = () => {
  const mapped = {
    '--mantine-color-body': 'var(--panel)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-bright': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-3)',
    '--mantine-color-placeholder': 'var(--text-3)',
    '--mantine-color-anchor': 'var(--brand-text)',
    '--mantine-color-error': 'var(--danger)',
    '--mantine-color-success': 'var(--ok)',
    '--mantine-color-default': 'var(--panel)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line-2)',
    '--mantine-color-disabled': 'var(--quiet-bg)',
    '--mantine-color-disabled-color': 'var(--text-3)',
    '--mantine-color-disabled-border': 'var(--line)',
    '--mantine-primary-color-filled': 'var(--brand)',
    '--mantine-primary-color-filled-hover': 'var(--brand-hover)',
    '--mantine-primary-color-contrast': 'var(--on-brand)',
    '--mantine-primary-color-light': 'var(--brand-bg)',
    '--mantine-primary-color-light-hover': 'var(--brand-soft)',
    '--mantine-primary-color-light-color': 'var(--brand-text)',
    '--mantine-color-lagoon-filled': 'var(--brand)',
    '--mantine-color-lagoon-filled-hover': 'var(--brand-hover)',
    '--mantine-color-lagoon-light': 'var(--brand-bg)',
    '--mantine-color-lagoon-light-hover': 'var(--brand-soft)',
    '--mantine-color-lagoon-light-color': 'var(--brand-text)',
    '--mantine-color-lagoon-text': 'var(--brand-text)',
  };
  return { variables: {}, light: mapped, dark: mapped };
};
