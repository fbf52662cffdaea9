package dev.procpool.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.ResultIterator;
import dev.procpool.function.Task1;
import dev.procpool.observe.Observation;
import dev.procpool.spi.Submission;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is let go, and when. */
class ReleaseTest {

  private static final Task1<Object, Object> TASK = x -> x;

  private final ReferenceQueue<Object> queue = new ReferenceQueue<>();

  private static final class Endless implements Iterable<Object> {
    private final List<WeakReference<Object>> drawn = new ArrayList<>();

    @Override
    public Iterator<Object> iterator() {
      return Stream.generate(
              () -> {
                Object item = new Object();
                drawn.add(new WeakReference<>(item));
                return item;
              })
          .iterator();
    }
  }

  /** Reports a fresh value for the next item and gives a reference to it. */
  private WeakReference<Object> step(Submission<Object, Object> call, long index)
      throws InterruptedException {
    call.advance();
    call.item();
    Object value = new Object();
    ScriptedBackend.succeed(call, index, value);
    return new WeakReference<>(value, queue);
  }

  @Test
  void anIteratorKeepsNeitherConsumedValuesNorItems() throws Exception {
    ScriptedBackend backend = new ScriptedBackend();
    Pool pool = new CallPool("release", backend, OnClose.JOIN);
    for (boolean ordered : new boolean[] {true, false}) {
      Endless source = new Endless();
      ResultIterator<Object> results =
          ordered ? pool.imap(TASK, source) : pool.imapUnordered(TASK, source);
      Submission<Object, Object> call = backend.call();
      WeakReference<Object> first = step(call, 0);
      WeakReference<Object> second = step(call, 1);
      assertThat(results.next()).isNotNull();
      Leftovers.assertCollected(first, queue);
      assertThat(second.refersTo(null)).isFalse();
      Leftovers.assertCollected(source.drawn.get(0), queue);
      assertThat(results.next()).isNotNull();
      results.close();
    }
    pool.terminate();
  }

  /** Its observer waits, as for a server that does not answer, and hears of the end later. */
  @Test
  void anObserverThatBlocksKeepsNoResultsOfCallsThatHaveEnded() throws Exception {
    CountDownLatch goesOn = new CountDownLatch(1);
    Observation observation =
        new Observation(
            "release",
            List.of(
                new PoolObserver() {
                  @Override
                  public void poolChanged(PoolEvent.PoolChange event) {
                    try {
                      goesOn.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }
                }));
    ScriptedBackend backend = new ScriptedBackend();
    Pool pool = new CallPool("release", backend, OnClose.JOIN, observation);
    try {
      Leftovers.assertCollected(resultOfOneCall(pool, backend), queue);
    } finally {
      goesOn.countDown();
      pool.close();
    }
  }

  private WeakReference<Object> resultOfOneCall(Pool pool, ScriptedBackend backend)
      throws Exception {
    MapResult<Object> result = pool.mapAsync(TASK, List.of(1));
    Submission<Object, Object> call = backend.call();
    WeakReference<Object> value = step(call, 0);
    call.advance();
    assertThat(result.get()).hasSize(1);
    return value;
  }

  @Test
  void aCompletedResultKeepsNeitherItemsNorPool() throws Exception {
    ScriptedBackend backend = new ScriptedBackend();
    List<WeakReference<Object>> references = new ArrayList<>();
    MapResult<Object> result = completed(backend, references);
    for (WeakReference<Object> reference : references) {
      Leftovers.assertCollected(reference, queue);
    }
    assertThat(result.get()).hasSize(1);
    assertThat(backend.gone.await(30, TimeUnit.SECONDS)).as("backend terminated").isTrue();
  }

  private MapResult<Object> completed(
      ScriptedBackend backend, List<WeakReference<Object>> references) throws Exception {
    Pool pool = new CallPool("release-result", backend, OnClose.JOIN);
    List<Object> items = new ArrayList<>(List.of(new Object()));
    references.add(new WeakReference<>(pool, queue));
    references.add(new WeakReference<>(items, queue));
    references.add(new WeakReference<>(items.get(0), queue));
    MapResult<Object> result = pool.mapAsync(TASK, items);
    Submission<Object, Object> call = backend.call();
    ScriptedBackend.pullAll(call);
    ScriptedBackend.succeed(call, 0, 1);
    return result;
  }

  @Test
  void anUnreachablePoolTerminatesItsBackend() throws Exception {
    ScriptedBackend backend = new ScriptedBackend();
    Leftovers.assertCollected(() -> new CallPool("release-pool", backend, OnClose.JOIN));
    assertThat(backend.gone.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(backend.terminations).hasValue(1);
  }

  @Test
  void aViewAndARunningCallKeepThePoolAlive() throws Exception {
    ScriptedBackend backend = new ScriptedBackend();
    Pool view = viewOf(backend);
    System.gc();
    ReferenceQueue<Object> other = new ReferenceQueue<>();
    Leftovers.assertCollected(new WeakReference<>(new Object(), other), other);
    assertThat(backend.terminations).hasValue(0);
    MapResult<Object> result = view.mapAsync(TASK, List.of(1));
    view = null;
    Leftovers.assertCollected(new WeakReference<>(new Object(), other), other);
    assertThat(backend.terminations).hasValue(0);
    Submission<Object, Object> call = backend.call();
    ScriptedBackend.pullAll(call);
    ScriptedBackend.succeed(call, 0, 1);
    assertThat(result.get()).containsExactly(1);
    call = null;
    awaitTermination(backend);
  }

  private static Pool viewOf(ScriptedBackend backend) {
    Pool pool = new CallPool("release-view", backend, OnClose.JOIN);
    return pool.with(pool.options().label("view"));
  }

  private static void awaitTermination(ScriptedBackend backend) throws InterruptedException {
    for (int i = 0; i < 600 && !backend.gone.await(50, TimeUnit.MILLISECONDS); i++) {
      System.gc();
    }
    assertThat(backend.terminations).hasValue(1);
  }

  @Test
  void anIteratorThatNobodyHoldsEndsItsCall() throws Exception {
    ScriptedBackend backend = new ScriptedBackend();
    Pool pool = new CallPool("release-iterator", backend, OnClose.JOIN);
    try {
      Leftovers.assertCollected(() -> pool.imap(TASK, new Endless()));
      Boolean interrupting = backend.cancelled.poll(30, TimeUnit.SECONDS);
      assertThat(interrupting).isTrue();
      assertThat(backend.call().isEnded()).isTrue();
    } finally {
      Reference.reachabilityFence(pool);
      pool.terminate();
    }
  }
}
