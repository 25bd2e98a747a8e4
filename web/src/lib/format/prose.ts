/** The plain Markdown of a promise as blocks: paragraphs and lists. Pure. */

export type Block = { kind: 'paragraph'; text: string } | { kind: 'list'; items: string[] };

/** Blocks between blank lines; headings are left out, for the page has its own. */
export function blocks(markdown: string): Block[] {
  const parts = markdown.split(/\n\s*\n/).map((part) => part.trim());
  return parts.flatMap((part): Block[] => {
    const lines = part.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
    if (lines.length === 0) return [];
    if (!lines[0]?.startsWith('- ')) return [{ kind: 'paragraph', text: lines.join(' ') }];
    const items: string[] = [];
    for (const line of lines) {
      if (line.startsWith('- ')) items.push(line.slice(2));
      else items.push(`${items.pop() ?? ''} ${line.trim()}`);
    }
    return [{ kind: 'list', items }];
  });
}
