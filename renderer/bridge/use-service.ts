import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { MainReplyOf, MainRequestName, MainRequestOf } from '../../src/contract/main-requests.ts';
import type { ReplyOf, RequestName, RequestOf } from '../../src/contract/service-requests.ts';
import { native, service } from './bridge.ts';

export interface AskOptions {
  /** Ask only then. */
  readonly enabled?: boolean;
  /** While a changed question is being answered, go on showing the answer before. */
  readonly keepPrevious?: boolean;
  /** Forget the answer at once when no component shows it: it is large, or about the moment. */
  readonly forget?: boolean;
}

/** The service's answer to a question. */
export function useService<Name extends RequestName>(
  name: Name,
  payload: RequestOf<Name>,
  { enabled = true, keepPrevious = false, forget = false }: AskOptions = {},
): UseQueryResult<ReplyOf<Name>> {
  return useQuery({
    queryKey: [name, payload],
    queryFn: () => service(name, payload),
    enabled,
    ...(keepPrevious && { placeholderData: keepPreviousData }),
    ...(forget && { gcTime: 0 }),
  }) as UseQueryResult<ReplyOf<Name>>;
}

/** Something that the service is told to do; afterwards the named answers are asked for again. */
export function useChange<Name extends RequestName>(
  name: Name,
  outdated: readonly RequestName[] = [],
): UseMutationResult<ReplyOf<Name>, Error, RequestOf<Name>> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (payload: RequestOf<Name>) => service(name, payload),
    onSettled: () => Promise.all(outdated.map((one) => client.invalidateQueries({ queryKey: [one] }))),
  });
}

/** Something that the main process is asked to do. */
export function useNative<Name extends MainRequestName>(
  name: Name,
): UseMutationResult<MainReplyOf<Name>, Error, MainRequestOf<Name>> {
  return useMutation({ mutationFn: (payload: MainRequestOf<Name>) => native(name, payload) });
}
