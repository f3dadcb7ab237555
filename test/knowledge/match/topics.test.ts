import { describe, expect, it } from 'vitest';
import { CATALOGUE, indexOf, skill } from './skills.ts';

const index = indexOf(...CATALOGUE, skill({ id: 'brand', topics: ['gitlab', 'PostgreSQL'] }));

describe('topics', () => {
  it.each<[string, string, string, string, string]>([
    ['Look at my commit', 'community.git-review', 'exact', 'commit', 'commit'],
    ['Look at my commits', 'community.git-review', 'exact', 'commits', 'commit'],
    ['review this pull request', 'community.git-review', 'exact', 'pull request', 'pull request'],
    ['a PULL-REQUEST is open', 'community.git-review', 'exact', 'PULL REQUEST', 'pull request'],
    ['on GitLab', 'brand', 'exact', 'GitLab', 'gitlab'],
    ['on postgresql', 'brand', 'exact', 'postgresql', 'PostgreSQL'],
    ['see pullRequest', 'community.git-review', 'exact', 'pull Request', 'pull request'],
    ['review this merge request', 'community.git-review', 'synonym', 'merge request', 'merge request'],
    ['the last changeset', 'community.git-review', 'synonym', 'changeset', 'changeset'],
    ['my k8s is down', 'community.kubernetes', 'synonym', 'k8s', 'k8s'],
    ['my kuberntes is down', 'community.kubernetes', 'fuzzy', 'kuberntes', 'kubernetes'],
    ['my kubrentes is down', 'community.kubernetes', 'fuzzy', 'kubrentes', 'kubernetes'],
    ['a pul request is open', 'community.git-review', 'fuzzy', 'pul request', 'pull request'],
    ['a helmm chart', 'community.kubernetes', 'fuzzy', 'helmm', 'helm'],
  ])('%s [R-MATCH-1] [R-MATCH-2]', (prompt, id, rule, word, target) => {
    const [best] = index.match(prompt);
    expect(best).toMatchObject({ id, rule });
    expect(best?.reasons[0]).toMatchObject({ rule, word, target });
  });

  it('tells the topic that a synonym stands for [R-MATCH-2]', () => {
    expect(index.match('my k8s is down')[0]?.reasons[0]).toEqual({
      rule: 'synonym',
      field: 'synonym',
      word: 'k8s',
      target: 'k8s',
      topic: 'kubernetes',
    });
  });

  it.each([
    ['two errors in six letters', 'deploy', 'dplyo it'],
    ['one error in three letters', 'git', 'gitt'],
    ['three errors in a long word', 'kubernetes', 'kubrnts'],
  ])('is not said with %s [R-MATCH-1]', (_, topic, prompt) => {
    expect(indexOf(skill({ id: 'a', name: 'x', topics: [topic] })).match(prompt)).toEqual([]);
  });

  it('of everyday words is not taken from other everyday words [R-MATCH-1]', () => {
    expect(indexOf(skill({ id: 'a', name: 'x', topics: ['tesst'] })).match('run every test')).toEqual([]);
  });

  it('a topic said exactly goes before a synonym, that before a misspelt topic, that before text [R-MATCH-3]', () => {
    const four = indexOf(
      skill({ id: 'd-text', name: 'Terraform plans', description: 'Terraform modules and terraform plans' }),
      skill({ id: 'c-fuzzy', topics: ['teraform'], priority: 90 }),
      skill({ id: 'b-synonym', topics: ['infrastructure'], synonyms: { infrastructure: ['terraform'] }, priority: 60 }),
      skill({ id: 'a-exact', topics: ['terraform'], priority: 1 }),
    );
    const matches = four.match('terraform', { threshold: 0 });
    expect(matches.map(({ id }) => id)).toEqual(['a-exact', 'b-synonym', 'c-fuzzy', 'd-text']);
    expect(matches.map(({ rule }) => rule)).toEqual(['exact', 'synonym', 'fuzzy', 'text']);
  });

  it.each([
    ['Chinese', '数据库', '请优化我的数据库查询'],
    ['Cyrillic', 'база данных', 'моя База Данных не отвечает'],
    ['accents', 'café', 'une liste de CAFE'],
    ['more than three words', 'how to write a haiku', 'tell me how to write a haiku'],
  ])('in other scripts and lengths: %s [R-MATCH-1]', (_, topic, prompt) => {
    expect(indexOf(skill({ id: 'a', topics: [topic] })).match(prompt)[0]).toMatchObject({ id: 'a', rule: 'exact' });
  });

  it('that say nothing are no topics', () => {
    expect(indexOf(skill({ id: 'a', name: 'x', topics: ['', '--', '🚀'] })).match('-- 🚀', { threshold: 0 })).toEqual(
      [],
    );
  });

  it('of a synonym without its topic count as well', () => {
    const only = indexOf(skill({ id: 'a', synonyms: { database: ['postgres'] } }));
    expect(only.match('postgres')[0]).toMatchObject({ rule: 'synonym' });
    expect(only.match('database')[0]).toMatchObject({ rule: 'exact' });
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])('may be named %s', (topic) => {
    const odd = indexOf(skill({ id: topic, topics: [topic], synonyms: { [`x${topic}`]: [topic] } }));
    expect(odd.match(`say ${topic}`)[0]?.id).toBe(topic);
    expect(indexOf(skill({ id: 'a', topics: ['other'] })).match(topic, { threshold: 0 })).toEqual([]);
  });
});
