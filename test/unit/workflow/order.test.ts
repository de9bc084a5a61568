import { describe, expect, it } from '@jest/globals';
import { allBefore, cycleOf, inOrder } from '../../local/runner/order';
import { fc } from '../../support/properties';

const item = (id: string, ...dependsOn: string[]) => ({ id, dependsOn });

describe('inOrder', () => {
  it('keeps the order of the file where nothing else is asked', () => {
    const { ordered } = inOrder([item('C', 'B'), item('A'), item('B')]);
    expect(ordered.map(({ id }) => id)).toEqual(['A', 'B', 'C']);
  });

  it('leaves out what goes round in a circle, and what waits for it', () => {
    const { ordered, stuck } = inOrder([item('A'), item('D', 'C'), item('B', 'C'), item('C', 'B')]);
    expect(ordered.map(({ id }) => id)).toEqual(['A']);
    expect(stuck.map(({ id }) => id)).toEqual(['D', 'B', 'C']);
    expect(cycleOf(stuck)).toEqual(['C', 'B', 'C']);
  });

  it('puts every action after all that it depends on, whatever the graph', () => {
    // Edges to smaller numbers only, so that there is no cycle; then in any order.
    const graphs = fc
      .uniqueArray(fc.nat(30), { minLength: 1 })
      .chain((ids) =>
        fc.tuple(
          ...ids.map((id) =>
            fc.subarray(ids.filter((other) => other < id)).map((before) => item(String(id), ...before.map(String))),
          ),
        ),
      );
    fc.assert(
      fc.property(graphs, (items) => {
        const ids = inOrder(items).ordered.map(({ id }) => id);
        expect([...ids].sort()).toEqual(items.map(({ id }) => id).sort());
        for (const { id, dependsOn } of items) {
          for (const other of dependsOn) expect(ids.indexOf(other)).toBeLessThan(ids.indexOf(id));
        }
      }),
    );
  });
});

describe('allBefore', () => {
  it('follows DependsOn to its end', () => {
    const items = [item('A'), item('B', 'A'), item('C', 'B'), item('D')];
    expect([...allBefore('C', items)].sort()).toEqual(['A', 'B']);
    expect([...allBefore('D', items)]).toEqual([]);
  });
});
