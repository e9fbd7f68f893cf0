/** Undoes escapes of unreserved characters and writes the others with upper-case digits (RFC 2396 §2.3, §2.4). */
export function normalizeEscapes(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/%([0-9a-fA-F]{2})/g, (whole, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return /[A-Za-z0-9\-_.!~*'()]/.test(character) ? character : whole.toUpperCase();
  });
}
