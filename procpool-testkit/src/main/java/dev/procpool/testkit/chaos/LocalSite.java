package dev.procpool.testkit.chaos;

import dev.procpool.Pool;
import dev.procpool.WorkerOutput;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** This machine: pools of worker processes of this JVM's. */
final class LocalSite implements ChaosSite {

  private static final int SHORTAGE_SECONDS = 15;

  /** No item takes so long that does not hang, its worker's start included. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Override
  public Scene open(ChaosPlan plan) throws IOException {
    return new LocalScene(plan);
  }

  @Override
  public List<String> extras(SplittableRandom seeds) throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>(Shortage.run(seeds.nextLong(), SHORTAGE_SECONDS));
    faults.addAll(Boxed.run(seeds.nextLong()));
    return faults;
  }

  private static final class LocalScene implements Scene {

    private final ChaosPlan plan;
    private final Ground ground = new Ground();
    private @Nullable Pool pool;

    LocalScene(ChaosPlan plan) throws IOException {
      this.plan = plan;
    }

    @Override
    public Path file(String name) {
      return ground.file(name);
    }

    @Override
    public Pool pool() throws IOException {
      ProcessPool.Builder builder =
          ProcessPool.builder()
              .workers(plan.workers())
              .jvmOptions(ChaosPlan.jvmOptions("-Xmx320m", ground.file("deep.jar")))
              .workingDirectory(ground.file("")) // where a system may put core dumps
              .output(WorkerOutput.discard());
      if (!plan.idleTimeout().isZero()) {
        builder.idleTimeout(plan.idleTimeout());
      }
      Pool made = plan.configure(builder).build();
      ground.learnPools();
      pool = made;
      return made;
    }

    @Override
    public Torment torment(IntSupplier completed) {
      if (pool == null) {
        throw new IllegalStateException("no pool was made");
      }
      return new Tormentor(pool, plan.seed(), completed);
    }

    @Override
    public Duration patience() {
      return PATIENCE;
    }

    @Override
    public List<String> leftovers() throws IOException, InterruptedException {
      return ground.leftovers();
    }

    @Override
    public void close() throws IOException {
      ground.close();
    }
  }
}
