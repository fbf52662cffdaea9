package dev.procpool.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Who is killed for an item dies with that item: if the parent has closed the gate on the first
 * item, the second does not begin. The first result is whether it began, the second whether the
 * gate was closed.
 */
public class RunPageGate {

  private RunPageGate() {}

  /** The real page. */
  @JCStressTest
  @Outcome(id = "true, true", expect = Expect.FORBIDDEN, desc = "The wrong item dies.")
  @Outcome(expect = Expect.ACCEPTABLE, desc = "One of them saw the other.")
  @State
  public static class Gate {

    private final RunPage page = new RunPage(Words.take());

    public Gate() {
      page.begin(1);
      page.start(1);
    }

    @Actor
    public void work(ZZ_Result r) {
      page.end();
      r.r1 = page.begin(2);
    }

    @Actor
    public void supervise(ZZ_Result r) {
      r.r2 = page.closeGateIfRunning(1);
    }
  }

  /** The worker looks at the gate without having passed a fence. */
  @JCStressTest
  @Outcome(id = "true, true", expect = Expect.FORBIDDEN, desc = "The wrong item dies.")
  @Outcome(expect = Expect.ACCEPTABLE, desc = "One of them saw the other.")
  @State
  public static class WithoutFenceCanary {

    private static final VarHandle LONG =
        MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory = Words.take();
    private final RunPage page = new RunPage(memory);

    public WithoutFenceCanary() {
      page.begin(1);
      page.start(1);
    }

    @Actor
    public void work(ZZ_Result r) {
      LONG.setRelease(memory, MemoryLayout.RUNNING, 2L);
      r.r1 = (long) LONG.getAcquire(memory, MemoryLayout.GATE) == 0;
    }

    @Actor
    public void supervise(ZZ_Result r) {
      r.r2 = page.closeGateIfRunning(1);
    }
  }
}
