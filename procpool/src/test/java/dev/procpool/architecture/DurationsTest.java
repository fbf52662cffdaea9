package dev.procpool.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A user may give any duration: none throws or overflows where it is converted or counted with. */
class DurationsTest {

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.procpool");

  private static final Set<String> THROWING =
      Set.of(
          "toNanos",
          "toMillis",
          "plusNanos",
          "minusNanos",
          "plusMillis",
          "minusMillis",
          "dividedBy",
          "multipliedBy");

  /** Those that the tests of long durations go through; see below. */
  private static final Set<String> COVERED =
      Set.of(
          "AsyncResult.await",
          "AsyncResult.get",
          "Attempt.timedOut", // keeps it as it is
          "Backend.awaitTermination",
          "LifeOptions.freezeLimit",
          "LifeOptions.gracePeriod",
          "Builder.idleTimeout",
          "LifeOptions.restartIntensity",
          "LifeOptions.spinWait",
          "LifeOptions.startLimit",
          "ItemBackend.awaitTermination", // as pools over it are joined
          "MapResult.outcomes",
          "Nanos.of",
          "OnClose.joinAtMost",
          "Pool.close",
          "Pool.join",
          "Prlimit.processorTime",
          "Pool.withTimeout",
          "ResultIterator.next",
          "ResultIterator.nextOutcome",
          "RetryPolicy.backoff",
          "TaskOptions.cpuTimeout",
          "TaskOptions.stallTimeout",
          "TaskOptions.timeout");

  @Test
  void durationsAreConvertedInOnePlace() {
    noClasses()
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "a duration is converted by what throws if it is long",
                call ->
                    call.getTargetOwner().isEquivalentTo(Duration.class)
                        && THROWING.contains(call.getTarget().getName())))
        .because(
            "users give durations of any length: use Nanos.of, or TimeUnit.convert for a message")
        .check(CORE);
  }

  @Test
  void eachMethodThatTakesADurationIsTestedWithLongOnes() {
    Set<String> taking =
        CORE.stream()
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(type -> type.getPackageName().matches("dev\\.procpool(\\.(local|inline|spi))?"))
            .flatMap(type -> type.getMethods().stream())
            .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(DurationsTest::takesTime)
            .map(method -> method.getOwner().getSimpleName() + "." + ((HasName) method).getName())
            .collect(Collectors.toSet());
    assertThat(taking)
        .as("a new one goes into DurationContract or DurationsTest of the testkit, then in here")
        .containsExactlyInAnyOrderElementsOf(COVERED);
  }

  private static boolean takesTime(JavaMethod method) {
    return method.getRawParameterTypes().stream()
        .anyMatch(
            type -> type.isEquivalentTo(Duration.class) || type.isEquivalentTo(TimeUnit.class));
  }
}
