package dev.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.channel.FrameReader;
import dev.procpool.channel.RingLine;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.protocol.ChunkHeader;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.TaskLimits;
import dev.procpool.protocol.TaskMessage;
import dev.procpool.protocol.ToParent;
import dev.procpool.protocol.ToWorker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An item is either claimed or given back. */
@Timeout(60)
class ChunkQueueTest {

  @TempDir Path directory;
  private RingLine line;

  @BeforeEach
  void connect() throws IOException {
    line = new RingLine(directory, 0);
  }

  @AfterEach
  void close() throws IOException {
    line.close();
  }

  private ChunkQueue queue(int maxItems) {
    ClassFetch fetch = new ClassFetch(line.workerSocket);
    TaskTable tasks =
        new TaskTable(new Codec(null, Long.MAX_VALUE), getClass().getClassLoader(), fetch);
    return new ChunkQueue(line.worker, line.workerSocket, tasks, maxItems);
  }

  private void send(long chunk, int items, int bytes) throws IOException {
    ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
    new ChunkHeader(chunk, 1, 0, 1, items).write(out);
    line.parent.send(ToWorker.CHUNK, out.array(), out.size(), new byte[bytes], 0, bytes);
    line.parent.flush(true);
  }

  private int control() throws IOException {
    while (!line.parentSocket.frames().next()) {
      line.await();
      line.parentSocket.receive();
    }
    return line.parentSocket.frames().type();
  }

  private ItemRef answer() throws IOException {
    assertThat(control()).isEqualTo(ToParent.RETURNED);
    FrameReader frame = line.parentSocket.frames();
    return ItemRef.read(ByteBuffer.wrap(frame.array(), frame.offset(), frame.length()));
  }

  private static long id(ReceivedChunk chunk) {
    return chunk.header.chunk();
  }

  @Test
  void itemsAreClaimedInTheOrderTheyCame() throws IOException {
    ChunkQueue queue = queue(0);
    send(1, 2, 0);
    send(2, 1, 0);

    ReceivedChunk first = queue.claim();
    assertThat(id(first)).isEqualTo(1);
    assertThat(first.claimed()).isEqualTo(1);
    assertThat(queue.claim()).isSameAs(first);
    assertThat(id(queue.claim())).isEqualTo(2);
    queue.stop();
    assertThat(queue.claim()).isNull();
  }

  @Test
  void whatIsRecalledIsNotClaimedAndTheRestStays() throws IOException {
    ChunkQueue queue = queue(0);
    send(1, 3, 0);
    send(2, 1, 0);
    queue.claim();

    queue.recall(1);
    assertThat(answer()).isEqualTo(new ItemRef(1, 1));
    queue.recall(1);
    assertThat(answer()).as("again").isEqualTo(new ItemRef(1, 1));
    assertThat(id(queue.claim())).isEqualTo(2);
    queue.recall(2);
    assertThat(answer()).isEqualTo(new ItemRef(2, 1));
    queue.stop();
    assertThat(queue.claim()).isNull();
  }

  @Test
  void aChunkInTheRingIsRecalledFromThere() throws IOException {
    ChunkQueue queue = queue(0);
    send(1, 3, 0);

    queue.recall(1);
    assertThat(answer()).isEqualTo(new ItemRef(1, 0));
    queue.stop();
    assertThat(queue.claim()).isNull();
  }

  @Test
  void aChunkThatIsLargerThanTheRingIsRecalledWhenAllOfItHasCome() throws IOException {
    ChunkQueue queue = queue(0);
    send(1, 1, 0);
    queue.claim();
    send(2, 3, 1_000_000);
    assertThat(line.parent.queuedBytes()).as("does not fit").isPositive();

    queue.recall(2);
    while (line.parent.queuedBytes() > 0) {
      line.parent.flush(true);
      queue.takeInAll(); // as for a nudge
    }
    assertThat(answer()).isEqualTo(new ItemRef(2, 0));
    queue.stop();
    assertThat(queue.claim()).isNull();
  }

  @Test
  void whoAsksToBeReplacedClaimsNoMoreAndGivesTheRestBack() throws IOException {
    ChunkQueue queue = queue(0);
    send(1, 3, 0);
    queue.claim();

    queue.replace();
    queue.replace();
    assertThat(control()).isEqualTo(ToParent.REPLACE);
    queue.recall(1);
    assertThat(answer()).as("the next frame, at the next item").isEqualTo(new ItemRef(1, 1));
    queue.stop();
    assertThat(queue.claim()).isNull();
  }

  @Test
  void whoAsksToBeReplacedClaimsNothingOfWhatItHolds() throws IOException {
    ChunkQueue queue = queue(0);
    send(1, 3, 0);
    queue.claim();

    queue.replace();
    queue.stop();
    assertThat(queue.claim()).isNull();
  }

  private void sendBody(int bytes) throws IOException {
    byte[] body = new byte[bytes];
    line.parent.send(ToWorker.BODY, body, 0, body, 0, bytes);
    line.parent.flush(true);
  }

  @Test
  void bodiesGoToTheChunkThatFollowsThem() throws IOException {
    ChunkQueue queue = queue(0);
    sendBody(10);
    sendBody(20);
    send(1, 1, 0);
    send(2, 1, 0);
    sendBody(30);
    send(3, 1, 0);

    ReceivedChunk first = queue.claim();
    assertThat(first.takeBodies()).extracting(body -> body.length).containsExactly(10, 20);
    assertThat(first.takeBodies()).as("taken once").isEmpty();
    assertThat(queue.claim().takeBodies()).isEmpty();
    assertThat(queue.claim().takeBodies()).extracting(body -> body.length).containsExactly(30);
  }

  @Test
  void bodiesOfAChunkThatIsRecalledOnItsWayGoToNoOther() throws IOException {
    ChunkQueue queue = queue(0);
    send(1, 1, 0);
    queue.claim();
    sendBody(1_000_000);
    assertThat(line.parent.queuedBytes()).as("does not fit").isPositive();
    send(2, 1, 0);
    queue.recall(2);
    while (line.parent.queuedBytes() > 0) {
      line.parent.flush(true);
      queue.takeInAll(); // as for a nudge
    }
    send(3, 1, 0);

    assertThat(answer()).isEqualTo(new ItemRef(2, 0));
    ReceivedChunk next = queue.claim();
    assertThat(id(next)).isEqualTo(3);
    assertThat(next.takeBodies()).isEmpty();
  }

  private void sendOwnTask() throws IOException {
    sendOwnTask(1);
  }

  private void sendOwnTask(long call) throws IOException {
    ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
    new TaskMessage(call, 0, TaskLimits.NONE, true, new byte[0], new byte[0]).writeHead(out);
    line.parent.send(ToWorker.OWN_TASK, out.array(), out.size(), new byte[3], 0, 3);
    line.parent.flush(true);
  }

  @Test
  void aTaskOfOneChunkGoesToTheChunkThatFollowsIt() throws IOException {
    ChunkQueue queue = queue(0);
    sendOwnTask();
    send(1, 1, 0);
    send(2, 1, 0);

    ReceivedChunk first = queue.claim();
    assertThat(first.takeTask()).isNotNull();
    assertThat(first.takeTask()).as("it lasts no longer than its item").isNull();
    assertThat(queue.claim().takeTask()).isNull();
  }

  @Test
  void aTaskOfAChunkThatIsRecalledOrWithdrawnGoesToNoOther() throws IOException {
    ChunkQueue queue = queue(0);
    sendOwnTask();
    withdraw(1);
    send(2, 1, 0);
    queue.recall(3);
    sendOwnTask();
    send(3, 1, 0);
    send(4, 1, 0);

    ReceivedChunk second = queue.claim();
    assertThat(id(second)).isEqualTo(2);
    assertThat(second.takeTask()).isNull();
    ReceivedChunk fourth = queue.claim();
    assertThat(id(fourth)).isEqualTo(4);
    assertThat(fourth.takeTask()).isNull();
  }

  @Test
  void aChunkWithTheTaskOfAnotherCallIsRefused() throws IOException {
    ChunkQueue queue = queue(0);
    sendOwnTask(2);
    send(1, 1, 0);
    assertThatThrownBy(queue::claim)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another call's task");
  }

  private void withdraw(long chunk) throws IOException {
    ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
    new ChunkHeader(chunk, 1, 0, 1, 1).write(out);
    line.parent.send(() -> ToWorker.WITHDRAWN, out.array(), out.size(), new byte[5], 0, 5);
    line.parent.flush(true);
  }

  @Test
  void aChunkThatIsWithdrawnIsNotRunAndGivenBackWhole() throws IOException {
    ChunkQueue queue = queue(0);
    sendBody(10);
    withdraw(1);
    send(2, 1, 0);

    ReceivedChunk next = queue.claim();
    assertThat(id(next)).isEqualTo(2);
    assertThat(next.takeBodies()).isEmpty();
    queue.recall(1);
    assertThat(answer()).isEqualTo(new ItemRef(1, 0));
    queue.stop();
    assertThat(queue.claim()).isNull();
  }

  @Test
  void aChunkThatIsWithdrawnAfterItsRecallIsGivenBackAtOnce() throws IOException {
    ChunkQueue queue = queue(0);
    queue.recall(1);
    sendBody(10);
    withdraw(1);
    queue.takeInAll();

    assertThat(answer()).isEqualTo(new ItemRef(1, 0));
  }

  @Test
  void aChunkThatIsOverGivesNothingBack() throws IOException {
    ChunkQueue queue = queue(0);
    send(1, 1, 0);
    send(2, 1, 0);
    queue.claim();
    queue.claim();

    queue.recall(1);
    assertThat(answer()).isEqualTo(new ItemRef(1, Integer.MAX_VALUE));
  }

  @Test
  void afterTheQuotaNothingIsClaimedAndTheRestCanBeRecalled() throws IOException {
    ChunkQueue queue = queue(2);
    send(1, 3, 0);
    queue.claim();
    queue.claim();
    queue.stop();

    assertThat(queue.claim()).isNull();
    queue.recall(1);
    assertThat(answer()).isEqualTo(new ItemRef(1, 2));
  }
}
