import type { ParsedRequestOf, ReplyOf, RequestName } from '../../contract/service-requests.ts';

/** What answers each request. Requests come checked; a handler throws UserError to refuse one. */
export type Handlers<Names extends RequestName = RequestName> = {
  [Name in Names]: (request: ParsedRequestOf<Name>) => Promise<ReplyOf<Name>> | ReplyOf<Name>;
};

/** The requests of one area, by what their names begin with. */
export type HandlersOf<Area extends string> = Handlers<Extract<RequestName, `${Area}.${string}`>>;
