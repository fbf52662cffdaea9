package dev.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.protocol.ChunkHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An item is either claimed or given back. */
@Timeout(60)
class ChunkQueueTest {

  private static Chunk chunk(long id, int count) {
    return new Chunk(new ChunkHeader(id, 1, 0, 1, count), new byte[0]);
  }

  @Test
  void itemsAreClaimedInTheOrderTheyCame() {
    ChunkQueue queue = new ChunkQueue(0);
    Chunk first = chunk(1, 2);
    Chunk second = chunk(2, 1);
    queue.add(first);
    queue.add(second);
    queue.stop();

    assertThat(queue.claim()).isSameAs(first);
    assertThat(first.claimed).isEqualTo(1);
    assertThat(queue.claim()).isSameAs(first);
    assertThat(queue.claim()).isSameAs(second);
    assertThat(queue.claim()).isNull();
  }

  @Test
  void whatIsRecalledIsNotClaimedAndTheRestStays() {
    ChunkQueue queue = new ChunkQueue(0);
    Chunk first = chunk(1, 3);
    Chunk second = chunk(2, 1);
    queue.add(first);
    queue.add(second);
    queue.claim();
    queue.stop();

    assertThat(queue.recall(1)).isEqualTo(1);
    assertThat(queue.recall(1)).as("again").isEqualTo(1);
    assertThat(queue.claim()).isSameAs(second);
    assertThat(queue.recall(2)).isEqualTo(1);
    assertThat(queue.claim()).isNull();
  }

  @Test
  void aChunkThatIsNotThereGivesNothingBack() {
    assertThat(new ChunkQueue(0).recall(7)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void afterTheQuotaNothingIsClaimedAndTheRestCanBeRecalled() {
    ChunkQueue queue = new ChunkQueue(2);
    queue.add(chunk(1, 3));
    queue.claim();
    queue.claim();
    queue.stop();

    assertThat(queue.claim()).isNull();
    assertThat(queue.recall(1)).isEqualTo(2);
  }
}
