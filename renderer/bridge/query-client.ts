import { QueryClient } from '@tanstack/react-query';

/** What the service has said, kept until an event says that it has changed. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
      refetchOnWindowFocus: false,
      // The service is on this computer: whether there is a network is of no interest.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
