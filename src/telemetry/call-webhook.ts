import type { Alert } from '../config/alert-rules.ts';

const MOST_MS = 5_000;

/** Tells an alarm to an address of the operator. What cannot be told is warned of: an alarm ends no run. */
export async function callWebhook(
  url: string,
  alert: Alert & { readonly run: string; readonly at: string },
): Promise<void> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), MOST_MS);
  try {
    const { request } = await import('undici');
    const { statusCode, body } = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alert),
      signal: controller.signal,
    });
    await body.dump();
    if (statusCode >= 300) process.emitWarning(`the webhook for alerts answered with status ${statusCode}`);
  } catch (error) {
    process.emitWarning(
      `the webhook for alerts cannot be reached: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    clearTimeout(timer);
  }
}
