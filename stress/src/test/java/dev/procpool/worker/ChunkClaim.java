package dev.procpool.worker;

import dev.procpool.protocol.ChunkHeader;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * An item that is taken back is not run, and one that is run is not taken back. The first result is
 * how many items the task thread runs, the second how many the inbox says were claimed.
 */
public class ChunkClaim {

  private static final int ITEMS = 3;

  private ChunkClaim() {}

  /** A chunk, and the task thread's way with it. */
  @State
  public static class Items {

    private final ReceivedChunk chunk =
        new ReceivedChunk(
            new ChunkHeader(1, 1, 0, 1, ITEMS), null, List.of(), null, new byte[0], 0);

    int run(boolean isFenced) {
      int run = 0;
      while (chunk.claim()) {
        if (isFenced) {
          VarHandle.fullFence(); // the run page's
        }
        if (!chunk.isConfirmed()) {
          break;
        }
        run++;
      }
      return run;
    }

    int recall() {
      return chunk.close();
    }
  }

  /** As the worker does it. */
  @JCStressTest
  @Outcome(
      id = {"0, 0", "1, 1", "2, 2", "3, 3"},
      expect = Expect.ACCEPTABLE,
      desc = "Each item has one owner.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "An item runs twice, or never.")
  public static class OneOwner {

    @Actor
    public void run(Items items, II_Result r) {
      r.r1 = items.run(true);
    }

    @Actor
    public void recall(Items items, II_Result r) {
      r.r2 = items.recall();
    }
  }

  /** Without a fence between claim and confirmation. */
  @JCStressTest
  @Outcome(
      id = {"0, 0", "1, 1", "2, 2", "3, 3"},
      expect = Expect.ACCEPTABLE,
      desc = "Each item has one owner.")
  @Outcome(expect = Expect.FORBIDDEN, desc = "An item runs twice, or never.")
  public static class WithoutFenceCanary {

    @Actor
    public void run(Items items, II_Result r) {
      r.r1 = items.run(false);
    }

    @Actor
    public void recall(Items items, II_Result r) {
      r.r2 = items.recall();
    }
  }
}
