package dev.procpool.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * An exception may be a user's, whose own methods throw: a thread that others wait for asks it
 * nothing but by {@code SafeText}.
 */
class ForeignExceptionsTest {

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(
              "dev.procpool.local",
              "dev.procpool.call",
              "dev.procpool.inline",
              "dev.procpool.observe",
              "dev.procpool.spi",
              "dev.procpool.events",
              "dev.procpool.sharing",
              "dev.procpool.process",
              "dev.procpool.worker");

  /** Those types of which a user may make a subclass that a caller of ours does not know. */
  private static final Set<String> OPEN =
      Set.of(
          "java.lang.Throwable",
          "java.lang.Exception",
          "java.lang.RuntimeException",
          "java.lang.Error");

  private static final Set<String> OVERRIDABLE =
      Set.of(
          "getCause",
          "getMessage",
          "getLocalizedMessage",
          "getStackTrace",
          "fillInStackTrace",
          "initCause",
          "printStackTrace",
          "toString",
          "hashCode",
          "equals");

  @Test
  void exceptionsAreAskedInOnePlace() {
    noClasses()
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "an exception's own code is called",
                call ->
                    OPEN.contains(call.getTargetOwner().getName())
                        && OVERRIDABLE.contains(call.getTarget().getName())))
        .because("it may be a user's, and throw: use SafeText")
        .check(CORE);
  }
}
