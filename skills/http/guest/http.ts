import { failure, putList, putString, putStrings, room, takeString } from '../../sdk-as/abi';
import { fetch, Header, putHeaders, Response } from '../../sdk-as/http';
import { linksOf } from './links';
import { bodyText } from './text';

export { cabi_realloc } from '../../sdk-as/abi';

// Some sites, Wikipedia and the GitHub API among them, refuse a request that does not say who asks.
const HEADERS = [new Header('accept', 'text/*, application/json, */*;q=0.1'), new Header('user-agent', 'skillhost-http/0.1')];

const PAGE_SIZE = 24;
const SUMMARY_SIZE = 12;

export function get(at: usize, length: usize): usize {
  const reply = fetch('GET', takeString(at, length), HEADERS);
  if (reply.error != null) return failure(reply.error!.toString(), PAGE_SIZE);
  const response = reply.value!;
  const type = response.header('content-type');
  const text = bodyText(response.body, type);
  if (text == null) return failure(notText(response, type), PAGE_SIZE);
  const answer = room(4 + PAGE_SIZE);
  store<i32>(answer, response.status, 4);
  if (type != null) {
    store<u8>(answer, 1, 8);
    putString(answer + 12, type);
  }
  putString(answer + 20, text);
  return answer;
}

export function head(at: usize, length: usize): usize {
  const reply = fetch('HEAD', takeString(at, length), HEADERS);
  if (reply.error != null) return failure(reply.error!.toString(), SUMMARY_SIZE);
  const response = reply.value!;
  const answer = room(4 + SUMMARY_SIZE);
  store<i32>(answer, response.status, 4);
  putList(answer + 8, putHeaders(response.headers), response.headers.length);
  return answer;
}

export function links(at: usize, length: usize): usize {
  const url = takeString(at, length);
  const reply = fetch('GET', url, HEADERS);
  if (reply.error != null) return failure(reply.error!.toString(), 8);
  const response = reply.value!;
  // The links of an error page are not those of the page asked for.
  if (response.status < 200 || response.status > 299) return failure('the server answered ' + response.status.toString(), 8);
  const type = response.header('content-type');
  const html = bodyText(response.body, type);
  if (html == null) return failure(notText(response, type), 8);
  const answer = room(12);
  putStrings(answer + 4, linksOf(html, url));
  return answer;
}

function notText(response: Response, type: string | null): string {
  const kind = type == null ? 'an unnamed type' : type;
  return 'the answer is not text: ' + response.body.length.toString() + ' bytes of ' + kind;
}
