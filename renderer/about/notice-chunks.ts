/** A long list of licences package by package: what is out of sight of it need not be laid out. */
export const noticeChunks = (notices: string): string[] => notices.split(/(?=^## )/m);
