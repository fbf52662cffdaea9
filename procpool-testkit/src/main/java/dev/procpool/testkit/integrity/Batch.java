package dev.procpool.testkit.integrity;

import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import dev.procpool.function.Task1;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * One call of the run. Immutable.
 *
 * @param form by which of the pool's methods it is made
 * @param first the number of its first item
 * @param items how many it has
 * @param chunkSize how many go at a time; 0 for as many as the pool likes
 * @param seed what its items follow from
 */
record Batch(Form form, long first, int items, int chunkSize, long seed) {

  /** The pool's method. */
  enum Form {
    STARMAP,
    MAP,
    IMAP,
    IMAP_UNORDERED
  }

  private static final int[] CHUNK_SIZES = {0, 0, 1, 7, 64, 500};

  /** An item is lost again and again only where all workers are killed faster than they work. */
  private static final int MOST_ATTEMPTS = 1000;

  /** Gives back another parcel of the same number, if what has come is whole. */
  private record Answer(long seed) implements Task1<byte[], byte[]> {

    @Override
    public byte[] call(byte[] parcel) {
      long number = Parcel.check(parcel);
      return number < 0 ? new byte[0] : Parcel.of(number, ~seed);
    }
  }

  static Batch of(long first, int most, SplittableRandom random) {
    Form[] forms = Form.values();
    int chunkSize = CHUNK_SIZES[random.nextInt(CHUNK_SIZES.length)];
    int size = chunkSize == 1 ? 4_000 : 20_000; // about as long
    return new Batch(
        forms[random.nextInt(forms.length)],
        first,
        Math.min(most, random.nextInt(1, size)),
        chunkSize,
        random.nextLong());
  }

  /** Makes the call and counts what comes of it. */
  Count run(Pool all) throws InterruptedException {
    TaskOptions options =
        TaskOptions.defaults().retry(RetryPolicy.attempts(MOST_ATTEMPTS).onWorkerLost());
    Pool pool = all.with(chunkSize == 0 ? options : options.chunkSize(chunkSize));
    Answer task = new Answer(seed);
    Iterable<byte[]> parcels = this::parcels;
    Count count = new Count(first, items);
    try {
      switch (form) {
        case MAP -> list(pool.mapAsync(task, parcels).get(), count);
        case STARMAP -> list(starmap(pool, task), count);
        case IMAP -> stream(pool.imap(task, parcels), true, count);
        case IMAP_UNORDERED -> stream(pool.imapUnordered(task, parcels), false, count);
      }
    } catch (ExecutionException | CompletionException e) {
      throw new IllegalStateException("a call failed: " + this, e.getCause());
    }
    return count;
  }

  private List<byte[]> starmap(Pool pool, Answer task)
      throws InterruptedException, ExecutionException {
    List<Args2<byte[], Long>> pairs =
        IntStream.range(0, items).mapToObj(i -> Args.of(parcel(first + i), first + i)).toList();
    return pool.starmapAsync(
            (byte[] parcel, Long number) ->
                Parcel.check(parcel) == number ? task.call(parcel) : new byte[0],
            pairs)
        .get();
  }

  private byte[] parcel(long number) {
    return Parcel.of(number, seed);
  }

  private Iterator<byte[]> parcels() {
    return LongStream.range(first, first + items).mapToObj(this::parcel).iterator();
  }

  private static void list(List<byte[]> results, Count count) {
    for (int i = 0; i < results.size(); i++) {
      count.take(results.get(i), i);
    }
  }

  private static void stream(ResultIterator<byte[]> results, boolean isOrdered, Count count) {
    try (results) {
      for (int place = 0; results.hasNext(); place++) {
        count.take(results.next(), isOrdered ? place : -1);
      }
    }
  }
}
