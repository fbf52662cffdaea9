package dev.procpool.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * Runs the jcstress tests: no forbidden outcome is seen, but in the canaries, which lack what the
 * real ones have, one is seen in each. So the run would see a fault if there were one.
 */
@Timeout(value = 10, unit = TimeUnit.HOURS) // the build has a limit of its own
@EnabledForJreRange(max = JRE.JAVA_17) // its time is worth one run of the build
class StressTest {

  private static final List<String> OPTIONS =
      List.of(System.getProperty("stress.options", "-m sanity").trim().split("\\s+"));

  private static final Set<String> TESTS =
      Set.of(
          "dev.procpool.channel.RingPublish.Overwrite",
          "dev.procpool.channel.RingPublish.Whole",
          "dev.procpool.channel.RingSleep.Bytes",
          "dev.procpool.channel.RingSleep.BytesReadBefore",
          "dev.procpool.channel.RingSleep.BytesBeforeAnItem",
          "dev.procpool.channel.RingSleep.Room",
          "dev.procpool.channel.RunPageGate.Gate",
          "dev.procpool.worker.ChunkClaim.OneOwner",
          "dev.procpool.worker.GuardedItem.AwaitEnd",
          "dev.procpool.worker.GuardedItem.CancelAtTheBeginning",
          "dev.procpool.worker.GuardedItem.CancelTooLate",
          "dev.procpool.worker.GuardedItem.TimeOut");

  private static final Set<String> CANARIES =
      Set.of(
          "dev.procpool.channel.RingPublish.PublishedTooSoonCanary",
          "dev.procpool.channel.RingPublish.ReleasedTooSoonCanary",
          "dev.procpool.channel.RingSleep.BytesWithoutFenceCanary",
          "dev.procpool.channel.RunPageGate.WithoutFenceCanary",
          "dev.procpool.worker.ChunkClaim.WithoutFenceCanary",
          "dev.procpool.worker.GuardedItem.CancelWithoutFenceCanary",
          "dev.procpool.worker.GuardedItem.TimeOutWithoutFenceCanary");

  /** A canary that is not seen to die is given more time: the machine may be busy. */
  private static final int ROUNDS = 10;

  @TempDir static Path directory;

  /** All of them, run once. */
  private static Map<String, List<TestResult>> results;

  @BeforeAll
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  static void runAll() throws Exception {
    results = StressRun.of(directory, "^dev\\.procpool\\.", OPTIONS);
  }

  @Test
  void nothingForbiddenIsSeen() throws Exception {
    Map<String, String> faults = new TreeMap<>();
    Set<String> seen = new TreeSet<>();
    results.forEach(
        (name, all) -> {
          if (CANARIES.contains(name)) {
            return;
          }
          seen.add(name);
          for (TestResult result : all) {
            if (result.status() != Status.NORMAL || !result.grading().isPassed) {
              faults.put(name, told(result));
            }
          }
        });
    assertThat(faults).as(Files.readString(directory.resolve("stdout"))).isEmpty();
    assertThat(seen).isEqualTo(TESTS);
  }

  @Test
  void everyCanaryDies() throws Exception {
    Set<String> alive = new TreeSet<>(CANARIES);
    bury(alive, results);
    for (int round = 0; round < ROUNDS && !alive.isEmpty(); round++) {
      Path place = Files.createDirectory(directory.resolve("round" + round));
      List<String> names = new ArrayList<>(alive);
      names.replaceAll(name -> name.replace(".", "\\."));
      bury(alive, StressRun.of(place, "^(" + String.join("|", names) + ")$", longer()));
    }
    assertThat(alive).as("canaries in which nothing forbidden was seen").isEmpty();
  }

  private static List<String> longer() {
    List<String> options = new ArrayList<>(OPTIONS);
    int time = options.indexOf("-time");
    if (time >= 0) {
      options.set(time + 1, "1500");
    }
    return options;
  }

  private static void bury(Set<String> alive, Map<String, List<TestResult>> results) {
    results.forEach(
        (name, all) -> {
          if (all.stream().anyMatch(r -> r.status() == Status.NORMAL && !r.grading().isPassed)) {
            alive.remove(name);
          }
        });
  }

  private static String told(TestResult result) {
    StringBuilder text = new StringBuilder(result.status().toString());
    result
        .grading()
        .gradingResults
        .forEach(
            (id, grade) -> {
              if (grade.count > 0) {
                text.append("; ")
                    .append(id)
                    .append(" ")
                    .append(grade.expect)
                    .append(" ")
                    .append(grade.count);
              }
            });
    return text + " " + result.getMessages() + result.getVmErr();
  }
}
