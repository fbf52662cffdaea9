package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import java.util.AbstractCollection;
import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Sections 1 and 4 of the contract: no item is lost without a word, whatever its collection does.
 */
public abstract class ChangingSourceContract extends ContractTest {

  private static final int MANY = 20_000;

  /** For subclasses. */
  protected ChangingSourceContract() {}

  private static List<Integer> numbers() {
    return IntStream.range(0, MANY).boxed().toList();
  }

  @Test
  @SuppressWarnings("JdkObsolete") // users have such collections
  void aCollectionMayBeClearedOnceTheCallWasMade() throws Exception {
    Pool pool = pool(2);
    List<Function<List<Integer>, Collection<Integer>>> kinds =
        List.of(
            ArrayList::new,
            LinkedList::new,
            Vector::new,
            ArrayDeque::new,
            PriorityQueue::new,
            HashSet::new,
            LinkedHashSet::new,
            TreeSet::new,
            ConcurrentLinkedQueue::new,
            LinkedBlockingQueue::new,
            list -> map(list, new HashMap<>()).keySet(),
            list -> map(list, new HashMap<>()).values(),
            list -> map(list, new TreeMap<>()).keySet(),
            list -> new CopyOnWriteArrayList<>(list));
    for (Function<List<Integer>, Collection<Integer>> kind : kinds) {
      Collection<Integer> items = kind.apply(numbers());
      MapResult<Integer> result = pool.mapAsync(x -> x, items);
      items.clear();
      assertThat(result.total()).hasValue(MANY);
      assertThat(new HashSet<>(result.get()))
          .as(items.getClass().getName())
          .isEqualTo(new HashSet<>(numbers()));
    }
  }

  private static Map<Integer, Integer> map(List<Integer> list, Map<Integer, Integer> map) {
    list.forEach(x -> map.put(x, x));
    return map;
  }

  @Test
  void theItemsAreThoseOfTheMomentOfTheCall() throws Exception {
    Pool pool = pool(1);
    List<Integer> refilled = new ArrayList<>(numbers());
    MapResult<Integer> first = pool.mapAsync(x -> x, refilled);
    refilled.clear();
    IntStream.range(0, MANY).forEach(x -> refilled.add(-1));
    assertThat(first.get()).isEqualTo(numbers());

    Integer[] array = numbers().toArray(Integer[]::new);
    MapResult<Integer> second = pool.mapAsync(x -> x, Arrays.asList(array));
    Arrays.fill(array, -1);
    assertThat(second.get()).isEqualTo(numbers());

    List<Args2<Integer, Integer>> pairs = new ArrayList<>();
    numbers().forEach(x -> pairs.add(Args.of(x, 1)));
    MapResult<Integer> third = pool.starmapAsync(Integer::sum, pairs);
    pairs.clear();
    assertThat(third.get()).hasSize(MANY);

    List<Integer> forEach = new ArrayList<>(numbers());
    MapResult<Void> fourth = pool.forEachAsync(x -> {}, forEach);
    forEach.clear();
    assertThat(fourth.outcomes()).hasSize(MANY).allMatch(Outcome::isSuccess);
  }

  /** Not a snapshot: its elements are made when they are asked for. */
  @Test
  void aCollectionThatMakesItsElementsIsNotCopied() throws Exception {
    List<Integer> made =
        new AbstractList<>() {
          @Override
          public Integer get(int index) {
            return index;
          }

          @Override
          public int size() {
            return MANY;
          }

          @Override
          public Object[] toArray() {
            throw new AssertionError("it may be larger than the heap");
          }
        };
    assertThat(pool(1).map(x -> x, made)).isEqualTo(numbers());
  }

  @Test
  void aCallThatGetsFewerItemsThanThereWereFails() throws Exception {
    Pool pool = pool(1);
    MapResult<Integer> result = pool.mapAsync(x -> x, new Sized(5, List.of(1, 2, 3)));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(result::get)
        .havingCause()
        .isExactlyInstanceOf(ConcurrentModificationException.class)
        .withMessageContaining("5")
        .withMessageContaining("only 3")
        .withMessageContaining("copy");
    List<Outcome<Integer>> outcomes = result.outcomes();
    assertThat(outcomes).as("one outcome for each item that was announced").hasSize(5);
    assertThat(outcomes.subList(0, 3)).allMatch(Outcome::isSuccess);
    assertThat(outcomes.subList(3, 5))
        .allMatch(o -> o.failure().orElseThrow() instanceof ConcurrentModificationException);
    assertThat(result.completed()).isEqualTo(5);
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void aCallThatGetsMoreItemsThanThereWereFails() throws Exception {
    Pool pool = pool(1);
    MapResult<Integer> result = pool.mapAsync(x -> x, new Sized(2, List.of(1, 2, 3)));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(result::get)
        .havingCause()
        .isExactlyInstanceOf(ConcurrentModificationException.class)
        .withMessageContaining("more");
    assertThat(result.outcomes()).hasSize(2).allMatch(Outcome::isSuccess);
  }

  @Test
  void aViewThatIsClearedMeanwhileLosesNothingSilently() throws Exception {
    Pool pool = pool(1);
    CountDownLatch cleared = new CountDownLatch(1);
    List<Integer> backing = new ArrayList<>(numbers());
    List<Integer> view =
        new AbstractList<>() {
          @Override
          public Integer get(int index) {
            if (index == 10) {
              Interruption.rethrown(cleared::await);
            }
            return backing.get(index);
          }

          @Override
          public int size() {
            return backing.size();
          }
        };
    MapResult<Integer> result = pool.mapAsync(x -> x, Collections.unmodifiableList(view));
    backing.subList(11, MANY).clear();
    cleared.countDown();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(result::get)
        .havingCause()
        .isInstanceOf(ConcurrentModificationException.class);
    assertThat(result.outcomes()).hasSize(MANY);
  }

  @Test
  void aSizeThatIsNoneDoesNotMatter() throws Exception {
    Pool pool = pool(1);
    List<Integer> items = List.of(1, 2, 3);
    for (int claimed : new int[] {Integer.MAX_VALUE, -1}) {
      assertThat(pool.map(x -> x, new Sized(claimed, items))).containsExactly(1, 2, 3);
    }
    Collection<Integer> silent =
        new Sized(0, items) {
          @Override
          public int size() {
            throw new UnsupportedOperationException("not known before the end");
          }
        };
    assertThat(pool.map(x -> x, silent)).containsExactly(1, 2, 3);
  }

  @Test
  void aStreamNeverAsksForASize() {
    Collection<Integer> endless =
        new AbstractCollection<>() {
          @Override
          public Iterator<Integer> iterator() {
            return IntStream.iterate(0, x -> x + 1).iterator();
          }

          @Override
          public int size() {
            throw new AssertionError("it would count for ever");
          }

          @Override
          public Object[] toArray() {
            throw new AssertionError("it would fill the heap");
          }
        };
    Pool pool = pool(1).with(TaskOptions.defaults().lookAhead(8));
    try (ResultIterator<Integer> ordered = pool.imap(x -> x, endless);
        ResultIterator<Integer> unordered = pool.imapUnordered(x -> x, endless)) {
      for (int i = 0; i < 100; i++) {
        assertThat(ordered.next()).isEqualTo(i);
        unordered.next();
      }
    }
  }

  @Test
  void aListThatShrinksUnderAStreamIsTold() {
    List<Integer> items = new ArrayList<>(numbers());
    Pool pool = pool(1).with(TaskOptions.defaults().lookAhead(4));
    AtomicReference<Integer> last = new AtomicReference<>();
    try (ResultIterator<Integer> results = pool.imap(x -> x, items)) {
      last.set(results.next());
      items.clear();
      assertThatExceptionOfType(ConcurrentModificationException.class)
          .isThrownBy(() -> results.forEachRemaining(last::set));
    }
  }

  @Test
  void whatATaskHasCapturedIsTakenAtTheCall() throws Exception {
    assumeTrue(backend().serializes(), "this backend passes objects by reference");
    Pool pool = pool(1);
    int[] captured = {1};
    CountDownLatch changed = new CountDownLatch(1);
    MapResult<Integer> result =
        pool.mapAsync(x -> x + captured[0], Sources.blockingAt(0, changed, List.of(10, 20)));
    captured[0] = 1000;
    changed.countDown();
    assertThat(result.get()).containsExactly(11, 21);
  }

  @Test
  void theArgumentOfOneCallIsTakenAtTheCall() throws Exception {
    assumeTrue(backend().serializes(), "this backend passes objects by reference");
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch release = latch("release");
    pool.forEachAsync(
        x -> {
          started.countDown();
          release.await();
        },
        List.of(1));
    started.await();
    List<Integer> argument = new ArrayList<>(List.of(1, 2));
    var result = pool.applyAsync(list -> list.size(), argument);
    argument.clear();
    release.countDown();
    assertThat(result.get()).isEqualTo(2);
  }

  /** A collection whose size is not what it holds. */
  private static class Sized extends AbstractCollection<Integer> {
    private final int claimed;
    private final List<Integer> items;

    Sized(int claimed, List<Integer> items) {
      this.claimed = claimed;
      this.items = items;
    }

    @Override
    public Iterator<Integer> iterator() {
      return items.iterator();
    }

    @Override
    public int size() {
      return claimed;
    }
  }
}
