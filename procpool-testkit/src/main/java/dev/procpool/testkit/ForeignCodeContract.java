package dev.procpool.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.TaskSerializationException;
import dev.procpool.testkit.Unspeakable.Answer;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Users' code that the pool runs on its own threads, where one would not look for it: whatever it
 * throws costs its item, call or callback, never the pool, and nobody waits for ever.
 */
public abstract class ForeignCodeContract extends ContractTest {

  private static final List<Answer> ANSWERS = List.of(Answer.values());

  /** For subclasses. */
  protected ForeignCodeContract() {}

  @Test
  void anExceptionThatCantBeAskedFailsItsItemAlone() throws Exception {
    Pool pool = pool(1);
    for (Answer answer : ANSWERS) {
      AsyncResult<Integer> single = pool.applyAsync(ForeignCodeContract::fail, answer);
      assertUnspeakable(failure(single));
      assertThat(single.toString()).contains("failed: " + Unspeakable.class.getName());
      MapResult<Integer> several =
          pool.with(TaskOptions.defaults().retry(RetryPolicy.attempts(2)))
              .mapAsync(x -> x == 1 ? fail(answer) : x, List.of(0, 1, 2));
      assertUnspeakable(failure(several));
      List<Outcome<Integer>> outcomes = several.outcomes();
      assertThat(outcomes.get(0).valueOrThrow()).isZero();
      assertThat(outcomes.get(1).attempts()).isEqualTo(2);
      assertThat(outcomes.get(2).valueOrThrow()).isEqualTo(2);
      try (ResultIterator<Integer> results =
          pool.imap(x -> x == 1 ? fail(answer) : x, List.of(0, 1, 2))) {
        assertThat(results.next()).isZero();
        try {
          throw new AssertionError("got " + results.next());
        } catch (CompletionException e) {
          assertUnspeakable(e);
        }
        assertThat(results.next()).isEqualTo(2);
      }
      assertThat(pool.apply(() -> 7)).as("the pool lives on").isEqualTo(7);
    }
  }

  @Test
  void whatDependsOnSuchAFailureIsToldOfIt() throws Exception {
    Pool pool = pool(1);
    for (Answer answer : ANSWERS) {
      AsyncResult<Integer> failing = pool.applyAsync(ForeignCodeContract::fail, answer);
      CountDownLatch told = new CountDownLatch(1);
      failing.onFailure(
          e -> {
            if (e instanceof Unspeakable) {
              told.countDown();
            }
          });
      await(told);
      assertThat(
              failing
                  .toCompletableFuture()
                  .thenApply(x -> x + 1)
                  .exceptionally(e -> 8)
                  .get(BOUND.toSeconds(), TimeUnit.SECONDS))
          .isEqualTo(8);
      try {
        throw new AssertionError("got " + failing.toCompletableFuture().get());
      } catch (ExecutionException e) {
        assertThat(e.getMessage()).contains(Unspeakable.class.getName());
      }
      try {
        Callable<Integer> task = (Callable<Integer> & Serializable) () -> fail(answer);
        throw new AssertionError("got " + pool.asExecutorService().invokeAny(List.of(task)));
      } catch (ExecutionException e) {
        assertThat(e.getCause() == null).isFalse();
      }
    }
  }

  @Test
  void callbacksThatThrowSuchExceptionsHarmNoOther() throws Exception {
    Pool pool = pool(1);
    for (Answer answer : ANSWERS) {
      CountDownLatch after = new CountDownLatch(3);
      MapResult<Integer> result = pool.mapAsync(x -> x, List.of(1));
      result.onOutcome(outcome -> fail(answer)).onOutcome(outcome -> after.countDown());
      result
          .onSuccess(values -> Unspeakable.answer(answer))
          .onSuccess(values -> fail(answer))
          .onSuccess(values -> after.countDown());
      MapResult<Integer> failing = pool.mapAsync(x -> fail(answer), List.of(1));
      failing.onFailure(e -> fail(answer)).onFailure(e -> after.countDown());
      await(after);
      assertThat(pool.apply(() -> 7)).isEqualTo(7);
    }
  }

  /** Where a value's own code throws. */
  private enum Place {
    WRITE_REPLACE,
    WRITE_OBJECT,
    READ_OBJECT,
    READ_RESOLVE
  }

  /** A value whose own code throws. */
  private record How(Place place, Answer answer, boolean unspeakably) implements Serializable {
    void at(Place here) {
      if (place == here && unspeakably) {
        throw new Unspeakable(answer);
      } else if (place == here) {
        Unspeakable.answer(answer);
      }
    }
  }

  private static final class Wicked implements Serializable {
    private static final long serialVersionUID = 1L;
    private final How how;

    Wicked(How how) {
      this.how = how;
    }

    private Object writeReplace() {
      how.at(Place.WRITE_REPLACE);
      return this;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      how.at(Place.WRITE_OBJECT);
      out.defaultWriteObject();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      how.at(Place.READ_OBJECT);
    }

    private Object readResolve() {
      how.at(Place.READ_RESOLVE);
      return this;
    }
  }

  @Test
  void argumentsAndResultsWhoseSerializationThrowsFailAlone() throws Exception {
    assumeTrue(backend().serializes(), "this backend passes objects by reference");
    Pool pool = pool(1);
    for (Place place : Place.values()) {
      for (Answer answer : ANSWERS) {
        for (boolean unspeakably : new boolean[] {false, true}) {
          How how = new How(place, answer, unspeakably);
          List<Outcome<Integer>> arguments =
              pool.mapAsync(x -> 1, List.<Object>of("a", new Wicked(how), "b")).outcomes();
          assertOnlyTheSecondFails(arguments, how);
          List<Outcome<Object>> results =
              pool.mapAsync(
                      x -> x == 1 ? (Object) new Wicked(how) : Integer.valueOf(x), List.of(0, 1, 2))
                  .outcomes();
          assertOnlyTheSecondFails(results, how);
        }
      }
    }
    assertThat(pool.apply(() -> 7)).isEqualTo(7);
  }

  private static void assertOnlyTheSecondFails(List<? extends Outcome<?>> outcomes, How how) {
    assertThat(outcomes.get(0).isSuccess()).as("the first with %s", how).isTrue();
    assertThat(outcomes.get(2).isSuccess()).as("the third with %s", how).isTrue();
    Throwable error = outcomes.get(1).failure().orElseThrow();
    assertThat(error instanceof TaskSerializationException)
        .as("%s with %s", error.getClass(), how)
        .isTrue();
    assertThat(error.getMessage()).as("%s", how).startsWith("item 1: the ");
  }

  /** A key whose hash and order can be asked only where it was made. */
  private static final class Key implements Serializable, Comparable<Key> {
    private static final long serialVersionUID = 1L;
    private final Answer answer;
    private final transient boolean fresh;

    Key(Answer answer) {
      this.answer = answer;
      this.fresh = true;
    }

    private int ask() {
      return fresh ? 1 : Unspeakable.answer(answer);
    }

    @Override
    public int hashCode() {
      return ask();
    }

    @Override
    public boolean equals(Object other) {
      return ask() == 1 && other == this;
    }

    @Override
    public int compareTo(Key other) {
      return ask() - 1;
    }

    @Override
    public String toString() {
      return "key " + ask();
    }
  }

  @Test
  void keysThatThrowWhenTheyAreReadFailTheirItem() throws Exception {
    assumeTrue(backend().serializes(), "this backend passes objects by reference");
    Pool pool = pool(1);
    for (Answer answer : ANSWERS) {
      List<Outcome<Object>> outcomes =
          pool.mapAsync(
                  x -> {
                    Map<Key, Integer> hashed = new HashMap<>();
                    hashed.put(new Key(answer), x);
                    return x == 1 ? (Object) hashed : Integer.valueOf(x);
                  },
                  List.of(0, 1, 2))
              .outcomes();
      assertOnlyTheSecondFails(outcomes, new How(Place.READ_OBJECT, answer, false));
      TreeMap<Key, Object> sorted = new TreeMap<>(Map.of(new Key(answer), new Object()));
      List<Outcome<Integer>> refused =
          pool.mapAsync(x -> 1, List.<Object>of("a", sorted, "b")).outcomes();
      assertOnlyTheSecondFails(refused, new How(Place.WRITE_OBJECT, answer, false));
    }
    assertThat(pool.apply(() -> 7)).isEqualTo(7);
  }

  @Test
  void sourcesThatThrowSuchExceptionsFailTheirCall() throws Exception {
    Pool pool = pool(1);
    for (Answer answer : ANSWERS) {
      Iterable<Integer> none =
          () -> {
            throw new Unspeakable(answer);
          };
      Iterable<Integer> two =
          () ->
              new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                  return next < 2 || fail(answer) == 0;
                }

                @Override
                public Integer next() {
                  return next++;
                }
              };
      for (Iterable<Integer> source : List.of(none, two)) {
        assertUnspeakable(failure(pool.mapAsync(x -> x, source)));
      }
      try (ResultIterator<Integer> results = pool.imap(x -> x, two)) {
        assertThat(results.next()).isZero();
        assertThat(results.next()).isEqualTo(1);
        Throwable thrown = null;
        try {
          results.next();
        } catch (Throwable e) {
          thrown = e;
        }
        assertThat(thrown instanceof Unspeakable).as("the source's own").isTrue();
      }
      assertThat(pool.apply(() -> 7)).isEqualTo(7);
    }
  }

  private static int fail(Answer answer) {
    throw new Unspeakable(answer);
  }

  private static Throwable failure(AsyncResult<?> result) throws Exception {
    try {
      throw new AssertionError("got " + result.get(BOUND));
    } catch (ExecutionException e) {
      return e;
    }
  }

  private static void assertUnspeakable(Throwable around) {
    assertThat(around.getCause() instanceof Unspeakable)
        .as("%s is the cause", requireNonNull(around.getCause()).getClass())
        .isTrue();
    assertThat(around.getMessage()).contains(Unspeakable.class.getName());
  }
}
