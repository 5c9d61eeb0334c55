/** Runs what asks for trouble; see there. */
export const faultyEntry = new URL("./faulty-policy-worker.ts", import.meta.url);

/** On which a thread of that kind says that it hangs. */
export const hangingChannel = "a policy thread hangs";

/** Resolves when a thread of this process has begun to hang; to be called before it is started. */
export function nextHang(): Promise<void> {
  const channel = new BroadcastChannel(hangingChannel);
  return new Promise((resolve) => {
    channel.onmessage = () => {
      channel.close();
      resolve();
    };
  });
}
