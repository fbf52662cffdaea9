package dev.procpool.call;

import dev.procpool.Outcome;
import dev.procpool.Shared;
import dev.procpool.WorkerInfo;
import dev.procpool.spi.Backend;
import dev.procpool.spi.Nanos;
import dev.procpool.spi.Submission;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A backend that does nothing by itself: the test pulls and reports in its place. */
final class ScriptedBackend implements Backend {

  static final Duration SAFETY = Duration.ofSeconds(30);

  final BlockingQueue<Submission<Object, Object>> submitted = new LinkedBlockingQueue<>();
  final BlockingQueue<Boolean> cancelled = new LinkedBlockingQueue<>();
  final CountDownLatch gone = new CountDownLatch(1);
  final AtomicInteger shutdowns = new AtomicInteger();
  final AtomicInteger prestarts = new AtomicInteger();
  final AtomicInteger terminations = new AtomicInteger();
  volatile boolean submittedAfterShutdown;
  volatile int resizedTo;

  /** How often there is no memory for its end. */
  int lacks;

  /** What it throws instead of taking a call. */
  @Nullable Error refusal;

  /** The oldest call not asked for before. */
  Submission<Object, Object> call() throws InterruptedException {
    Submission<Object, Object> call = submitted.poll(SAFETY.toSeconds(), TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no call was submitted");
    }
    return call;
  }

  /** Pulls all items. */
  static long pullAll(Submission<?, ?> call) throws InterruptedException {
    long count = 0;
    while (call.advance()) {
      call.item();
      count++;
    }
    return count;
  }

  static void succeed(Submission<?, Object> call, long index, Object value) {
    call.succeeded(index, value, 1, 10 + index, 77);
  }

  static void fail(Submission<?, Object> call, long index, Throwable error) {
    call.settled(new Outcome.Failure<>(index, 1, Duration.ofNanos(5), 77, error));
  }

  static void cancel(Submission<?, Object> call, long index) {
    call.settled(new Outcome.Cancelled<>(index, 1, Duration.ofNanos(5), 77));
  }

  @Override
  @SuppressWarnings("unchecked") // tests report what suits their call
  public void submit(Submission<?, ?> submission) {
    if (refusal != null) {
      throw refusal;
    }
    submittedAfterShutdown |= shutdowns.get() > 0;
    submitted.add((Submission<Object, Object>) submission);
  }

  @Override
  public void cancel(Submission<?, ?> submission, boolean interruptRunning) {
    cancelled.add(interruptRunning);
  }

  @Override
  public <T> Shared<T> share(T value) {
    return () -> value;
  }

  @Override
  public List<WorkerInfo> workers() {
    return List.of();
  }

  @Override
  public void resize(int workers) {
    resizedTo = workers;
  }

  @Override
  public void prestart() {
    prestarts.incrementAndGet();
  }

  @Override
  public void shutdown() {
    throwIfShort();
    shutdowns.incrementAndGet();
    gone.countDown();
  }

  @Override
  public void terminate() {
    throwIfShort();
    terminations.incrementAndGet();
    gone.countDown();
  }

  private void throwIfShort() {
    if (lacks-- > 0) {
      throw new OutOfMemoryError("injected");
    }
  }

  @Override
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    return gone.await(Nanos.of(timeout), TimeUnit.NANOSECONDS);
  }
}
