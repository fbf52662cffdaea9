package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.WorkerInfo;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Section 7 of the contract: what users' code does to its thread meets no other code of theirs. */
class InterruptStatusTest extends ProcessPoolTest {

  /** Interrupts whoever reads it, and says whether that thread was interrupted before. */
  static final class Interrupting implements Serializable {
    private static final long serialVersionUID = 1L;
    transient boolean before;

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      before = Thread.currentThread().isInterrupted();
      Thread.currentThread().interrupt();
    }
  }

  /** Says whether the thread that wrote it was interrupted. */
  static final class Written implements Serializable {
    private static final long serialVersionUID = 1L;
    boolean interrupted;

    private void writeObject(ObjectOutputStream out) throws IOException {
      interrupted = Thread.currentThread().isInterrupted();
      out.defaultWriteObject();
    }
  }

  private static boolean isInterrupted() {
    return Thread.currentThread().isInterrupted();
  }

  @Test
  void anInitializersInterruptMeetsNoItem() throws Exception {
    for (int i = 0; i < 5; i++) { // whether it was met depended on what the thread waited for
      try (Pool pool =
          ProcessPool.builder()
              .workers(1)
              .initializer(() -> Thread.currentThread().interrupt())
              .build()) {
        assertThat(pool.map(x -> isInterrupted(), List.of(1, 2))).containsExactly(false, false);
      }
    }
  }

  @Test
  void anInitializersInterruptDoesNotMeetTheFinalizer() throws Exception {
    FileLog seen = log("seen");
    try (Pool pool =
        ProcessPool.builder()
            .workers(1)
            .initializer(() -> Thread.currentThread().interrupt())
            .finalizer(() -> seen.add(isInterrupted()))
            .build()) {
      pool.prestart();
      Eventually.until(
          "the worker is ready",
          () -> pool.workers().stream().anyMatch(w -> w.state() == WorkerInfo.State.IDLE));
    }
    assertThat(seen.lines()).containsExactly("false");
  }

  @Test
  void theInterruptOfAnArgumentsReadingDoesNotMeetTheTask() throws Exception {
    Pool pool = pool(1);
    assertThat(pool.map(x -> isInterrupted(), List.of(new Interrupting(), new Interrupting())))
        .containsExactly(false, false);
    Interrupting captured = new Interrupting();
    assertThat(pool.map(x -> captured != null && isInterrupted(), List.of(1, 2)))
        .containsExactly(false, false);
  }

  @Test
  void theInterruptOfOneResultsReadingDoesNotMeetTheNext() throws Exception {
    List<Interrupting> results =
        pool(1).map(x -> new Interrupting(), IntStream.range(0, 200).boxed().toList());
    assertThat(results).noneMatch(result -> result.before);
  }

  @Test
  void theInterruptOfASourceDoesNotMeetItsItems() throws Exception {
    Iterable<Written> source =
        () ->
            new Iterator<>() {
              private int given;

              @Override
              public boolean hasNext() {
                return given < 100;
              }

              @Override
              public Written next() {
                given++;
                Thread.currentThread().interrupt();
                return new Written();
              }
            };
    Pool pool = pool(1);
    assertThat(pool.map(x -> x.interrupted, source)).hasSize(100).containsOnly(false);
    try (ResultIterator<Boolean> results = pool.imap(x -> x.interrupted, source)) {
      assertThat(results.stream()).hasSize(100).containsOnly(false);
    }
  }

  @Test
  void aCallersOwnInterruptStays() throws Exception {
    Pool pool = pool(1);
    Thread.currentThread().interrupt();
    try {
      pool.applyAsync(x -> x, new Interrupting());
    } finally {
      assertThat(Thread.interrupted()).as("applyAsync leaves it").isTrue();
    }
  }
}
