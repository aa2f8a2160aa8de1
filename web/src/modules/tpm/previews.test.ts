import { expect, test } from 'vitest';
import { previewKind, shownAt, stepTo } from './previews';

test('pictures are shown, PDF where the browser can, and nothing that may hold a script', () => {
  expect(['a.jpg', 'a.JPEG', 'a.png', 'a.gif', 'a.webp'].map((name) => previewKind(name, false))).toEqual(Array(5).fill('picture'));
  expect(previewKind('Report.PDF', true)).toBe('pdf');
  expect(previewKind('Report.pdf', false)).toBeUndefined();
  for (const name of ['a.svg', 'a.html', 'a.png.svg', 'a.pdf.html', 'a.docx', 'pdf', '']) expect(previewKind(name, true), name).toBeUndefined();
});

test('a file is shown from its own address, whatever that says already', () => {
  expect(shownAt('/api/v2/attachments/file/7/?schema=KEN')).toBe('/api/v2/attachments/file/7/?schema=KEN&inline=true');
  expect(shownAt('/x')).toBe('/x?inline=true');
});

test('arrow keys follow the direction of reading and stop at both ends', () => {
  expect(stepTo('ArrowRight', 0, 3, 'ltr')).toBe(1);
  expect(stepTo('ArrowRight', 2, 3, 'ltr')).toBe(2);
  expect(stepTo('ArrowLeft', 0, 3, 'ltr')).toBe(0);
  expect(stepTo('ArrowLeft', 0, 3, 'rtl')).toBe(1);
  expect(stepTo('ArrowRight', 1, 3, 'rtl')).toBe(0);
  expect(stepTo('Enter', 1, 3, 'ltr')).toBe(1);
});
