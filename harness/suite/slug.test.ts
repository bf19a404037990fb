import fc from 'fast-check';
import t from 'tap';
import { slug, uniqueSlugs } from './slug.ts';

t.test('readable where it can be', async (t) => {
  t.equal(slug('Tip-in, 3rd gear (Größe)'), 'tip-in-3rd-gear-gro-e');
  t.match(slug('../../'), /^x-[0-9a-f]{8}$/);
  t.match(slug('CON'), /^x-[0-9a-f]{8}$/);
  t.equal(slug('a'.repeat(100)).length, 60);
});

t.test('always fit for a file name, and different for different texts', async (t) => {
  fc.assert(fc.property(fc.uniqueArray(fc.string({ unit: 'binary' }), { maxLength: 20 }), (texts) => {
    const slugs = uniqueSlugs(texts);
    return slugs.every((each) => /^[a-z0-9][a-z0-9-]{0,68}$/.test(each)) && new Set(slugs).size === texts.length;
  }));
  t.same(uniqueSlugs(['a b', 'a-b']).map((each) => each.slice(0, 4)), ['a-b-', 'a-b-']);
});
