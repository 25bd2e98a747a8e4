/** The plain Markdown of a promise as blocks. */
import { describe, expect, test } from 'vitest';
import { blocks } from '../src/lib/format/prose';

describe('prose', () => {
  test('headings are left out; paragraphs and lists are told apart', () => {
    expect(blocks('# Belofte\n\nEerst dit.\nEn dat.\n\n- een\n- twee\n  drie\n\nSlot.\n')).toEqual([
      { kind: 'paragraph', text: 'Eerst dit. En dat.' },
      { kind: 'list', items: ['een', 'twee drie'] },
      { kind: 'paragraph', text: 'Slot.' },
    ]);
  });

  test('a plain sentence is a paragraph, and nothing is nothing', () => {
    expect(blocks('Niemand is te herkennen.')).toEqual([{ kind: 'paragraph', text: 'Niemand is te herkennen.' }]);
    expect(blocks('')).toEqual([]);
  });
});
