package dev.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.channel.RingLine;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.function.Task1;
import dev.procpool.protocol.ChunkHeader;
import dev.procpool.protocol.ShellVariable;
import dev.procpool.protocol.TaskLimits;
import dev.procpool.protocol.TaskMessage;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which task an item has, and what it finds in the variables of a shell. */
class TaskTableTest {

  private static final byte[] NOTHING = new byte[0];

  /** As a shell keeps a variable. */
  static int variable;

  private final Codec codec = new Codec(null, Long.MAX_VALUE);

  @TempDir Path directory;

  private byte[] encoded(Object value) throws Exception {
    ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
    codec.encode(value, out);
    return out.toByteArray();
  }

  /** A call whose task reads the variable, which had a value when the call was made. */
  private TaskMessage call(long number, int value) throws Exception {
    Task1<Integer, Integer> task = x -> variable;
    byte[] variables =
        ShellVariable.write(
            List.of(new ShellVariable(getClass().getName(), "variable", encoded(value))));
    return new TaskMessage(number, 0, TaskLimits.NONE, false, variables, encoded(task));
  }

  private static ReceivedChunk chunk(long call, TaskTable.@Nullable Entry own) {
    return new ReceivedChunk(
        new ChunkHeader(call, call, 0, 1, 1), own, List.of(), null, NOTHING, 0);
  }

  @Test
  void eachCallFindsItsOwnVariablesThoughOneWithATaskOfItsOwnCameBetween() throws Exception {
    try (RingLine line = new RingLine(directory, 0)) {
      ClassFetch fetch = new ClassFetch(line.workerSocket);
      TaskTable tasks = new TaskTable(codec, getClass().getClassLoader(), fetch);
      tasks.put(call(1, 10));
      TaskTable.Entry own = tasks.entry(call(2, 20));

      assertThat(tasks.get(chunk(1, null)).task().call(0)).isEqualTo(10);
      assertThat(tasks.get(chunk(1, null)).task().call(0)).as("again").isEqualTo(10);
      assertThat(tasks.get(chunk(2, own)).task().call(0)).isEqualTo(20);
      assertThat(tasks.get(chunk(1, null)).task().call(0)).as("after another").isEqualTo(10);
    }
  }

  @Test
  void aChunkThatIsGivenBackWholeKeepsNoTask() throws Exception {
    try (RingLine line = new RingLine(directory, 0)) {
      ClassFetch fetch = new ClassFetch(line.workerSocket);
      TaskTable tasks = new TaskTable(codec, getClass().getClassLoader(), fetch);
      ReceivedChunk given = chunk(1, tasks.entry(call(1, 10)));
      assertThat(given.close()).isZero();
      assertThat(given.takeTask()).isNull();

      ReceivedChunk begun = chunk(1, tasks.entry(call(1, 10)));
      assertThat(begun.claim()).isTrue();
      assertThat(begun.close()).isEqualTo(1);
      assertThat(begun.takeTask()).as("its item runs").isNotNull();
    }
  }
}
