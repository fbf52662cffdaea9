package dev.procpool.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.procpool.bytecode.CorePackages;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.Kill;
import dev.procpool.local.fleet.Worker;
import java.io.Serializable;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may import whom in the core: dependencies run one way, and there is no package cycle. */
class PackageArrowsTest {

  private static final String CONTRACT = "dev.procpool";
  private static final String FUNCTION = "dev.procpool.function";
  private static final String NESTING = "dev.procpool.nesting";
  private static final String SPI = "dev.procpool.spi";
  private static final String CONTEXT = "dev.procpool.context";
  private static final String ITEMS = "dev.procpool.items";
  private static final String CALL = "dev.procpool.call";
  private static final String CODEC = "dev.procpool.codec";
  private static final String BYTECODE = "dev.procpool.bytecode";
  private static final String CHANNEL = "dev.procpool.channel";
  private static final String PROTOCOL = "dev.procpool.protocol";
  private static final String SCHEDULER = "dev.procpool.scheduler";
  private static final String EVENTS = "dev.procpool.events";
  private static final String JMX = "dev.procpool.jmx";
  private static final String JVM = "dev.procpool.jvm";
  private static final String GUARD = "dev.procpool.guard";
  private static final String LOCAL = "dev.procpool.local";
  private static final String SANDBOX = "dev.procpool.local.sandbox";
  private static final String OUTPUT = "dev.procpool.local.output";
  private static final String CLASSES = "dev.procpool.local.classes";
  private static final String ENGINE = "dev.procpool.local.engine";
  private static final String SETTINGS = "dev.procpool.local.settings";
  private static final String EXIT = "dev.procpool.local.exit";
  private static final String FILES = "dev.procpool.local.files";
  private static final String ARCHIVE = "dev.procpool.local.archive";
  private static final String LAUNCH = "dev.procpool.local.launch";
  private static final String LOCAL_CALL = "dev.procpool.local.call";
  private static final String FLEET = "dev.procpool.local.fleet";
  private static final String RESULT = "dev.procpool.local.result";
  private static final String SERVICE = "dev.procpool.local.service";
  private static final String DISPATCH = "dev.procpool.local.dispatch";
  private static final String WORKER = "dev.procpool.worker";
  private static final String PROCESS = "dev.procpool.process";
  private static final String FOLDER = "dev.procpool.folder";
  private static final String SHARING = "dev.procpool.sharing";
  private static final String TIME = "dev.procpool.time";
  private static final String OBSERVE = "dev.procpool.observe";
  private static final String INLINE = "dev.procpool.inline";

  /** Each package of the core, with those of ours that it may import. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          entry(FUNCTION, Set.of()),
          // How to ask users' code, which may throw anything, and files, whoever interrupts.
          entry(GUARD, Set.of()),
          entry(CONTRACT, Set.of(GUARD, FUNCTION)),
          // Where a call's items are, for backends that bundle none: knows no call.
          entry(ITEMS, Set.of(CONTRACT, PROCESS, TIME)),
          entry(SPI, Set.of(GUARD, BYTECODE, ITEMS, SCHEDULER, TIME, CONTRACT, FUNCTION)),
          // Whether this process is a worker, and what its threads are at.
          entry(NESTING, Set.of()),
          // Shared values: their handles, how long they are kept, what workers have of them.
          entry(SHARING, Set.of(GUARD, NESTING, CODEC, SPI, CONTRACT)),
          // What a pool tells and counts: knows no call.
          entry(OBSERVE, Set.of(GUARD, EVENTS, SPI, CONTRACT)),
          // Pools as Java's management shows them.
          entry(JMX, Set.of(GUARD, CONTRACT)),
          // What a call takes along: knows no pool.
          entry(CONTEXT, Set.of(GUARD, NESTING, SPI, CONTRACT, FUNCTION)),
          entry(CALL, Set.of(CONTEXT, GUARD, NESTING, SHARING, OBSERVE, SPI, CONTRACT, FUNCTION)),
          entry(BYTECODE, Set.of()),
          entry(CODEC, Set.of(GUARD, BYTECODE, SPI, CONTRACT, FUNCTION)),
          // Bytes and frames: knows no task.
          entry(CHANNEL, Set.of(GUARD)),
          // What the two sides say to each other: all that they have in common.
          entry(PROTOCOL, Set.of(CODEC, GUARD, SPI, CONTRACT)),
          entry(SCHEDULER, Set.of()),
          entry(EVENTS, Set.of(SPI, CONTRACT)),
          // Options of JVMs: knows no pool.
          entry(JVM, Set.of()),
          // Limits of time: knows no item.
          entry(TIME, Set.of(GUARD)),
          entry(PROCESS, Set.of(GUARD, TIME)),
          // Folders in places where others may write: knows no socket.
          entry(FOLDER, Set.of(GUARD)),
          // The parent's side never touches the worker's, nor the other way round. Its rooms:
          entry(SANDBOX, Set.of(JVM, SPI, PROCESS)),
          entry(OUTPUT, Set.of(CONTRACT, GUARD, PROTOCOL)),
          entry(CLASSES, Set.of(BYTECODE, CODEC, CALL, PROTOCOL, SPI)),
          entry(ENGINE, Set.of(CHANNEL, GUARD, PROCESS, TIME)),
          entry(
              SETTINGS,
              Set.of(
                  CLASSES, CODEC, CONTRACT, GUARD, JVM, OBSERVE, OUTPUT, PROTOCOL, SHARING, SPI)),
          entry(EXIT, Set.of(CONTRACT, GUARD, OUTPUT, PROTOCOL, SCHEDULER)),
          entry(FILES, Set.of(CHANNEL, EXIT, FOLDER, GUARD, PROTOCOL, SETTINGS, SPI)),
          entry(ARCHIVE, Set.of(FOLDER, GUARD, SETTINGS)),
          entry(
              LAUNCH,
              Set.of(
                  ARCHIVE, CLASSES, EXIT, FILES, GUARD, JVM, NESTING, PROCESS, SETTINGS, SHARING,
                  SPI)),
          entry(
              LOCAL_CALL,
              Set.of(
                  CLASSES, CODEC, CONTRACT, ENGINE, FUNCTION, CALL, PROTOCOL, SCHEDULER, SHARING,
                  SPI)),
          entry(
              FLEET,
              Set.of(
                  CHANNEL, CODEC, CONTRACT, ENGINE, EXIT, FILES, GUARD, LAUNCH, OBSERVE, OUTPUT,
                  PROCESS, PROTOCOL, SCHEDULER, SETTINGS, SPI, TIME)),
          entry(
              RESULT,
              Set.of(
                  LOCAL_CALL,
                  CHANNEL,
                  CODEC,
                  CONTRACT,
                  ENGINE,
                  EXIT,
                  FLEET,
                  GUARD,
                  CALL,
                  OBSERVE,
                  OUTPUT,
                  PROTOCOL,
                  SCHEDULER,
                  SETTINGS,
                  SPI)),
          entry(
              SERVICE,
              Set.of(
                  CHANNEL, CLASSES, CODEC, CONTRACT, ENGINE, FLEET, GUARD, OUTPUT, PROCESS,
                  PROTOCOL, SETTINGS, SPI, TIME)),
          entry(
              DISPATCH,
              Set.of(
                  LOCAL_CALL,
                  CHANNEL,
                  CLASSES,
                  CODEC,
                  CONTRACT,
                  ENGINE,
                  EXIT,
                  FILES,
                  FLEET,
                  GUARD,
                  LAUNCH,
                  OBSERVE,
                  OUTPUT,
                  PROTOCOL,
                  RESULT,
                  SCHEDULER,
                  SERVICE,
                  SETTINGS,
                  SPI)),
          // The face, which puts them together.
          entry(
              LOCAL,
              Set.of(
                  ARCHIVE,
                  LOCAL_CALL,
                  CLASSES,
                  CODEC,
                  CONTRACT,
                  DISPATCH,
                  ENGINE,
                  FILES,
                  FUNCTION,
                  GUARD,
                  JMX,
                  CALL,
                  LAUNCH,
                  NESTING,
                  OBSERVE,
                  OUTPUT,
                  PROCESS,
                  PROTOCOL,
                  SANDBOX,
                  SETTINGS,
                  SHARING,
                  SPI,
                  TIME)),
          entry(
              WORKER,
              Set.of(
                  GUARD, PROCESS, FOLDER, SHARING, PROTOCOL, CHANNEL, CODEC, BYTECODE, TIME, SPI,
                  CONTRACT, FUNCTION)),
          entry(
              INLINE,
              Set.of(
                  ITEMS, GUARD, CALL, NESTING, SCHEDULER, SHARING, OBSERVE, TIME, SPI, CODEC,
                  CONTRACT, FUNCTION)));

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(CONTRACT)
          .that(resideInAnyPackage(CONTRACT + ".."));

  static Stream<String> packages() {
    return ARROWS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void aPackageImportsOnlyWhatItsArrowsAllow(String name) {
    Set<String> imported =
        CORE.stream()
            .filter(type -> type.getPackageName().equals(name))
            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
            .filter(dependency -> !isMainClass(dependency.getTargetClass()))
            .map(dependency -> dependency.getTargetClass().getBaseComponentType().getPackageName())
            .filter(target -> target.startsWith(CONTRACT) && !target.equals(name))
            .collect(toCollection(TreeSet::new));

    assertThat(imported).as("what %s imports", name).isSubsetOf(ARROWS.get(name));
  }

  /** The one class of the worker's side that the parent's names, to start it. */
  private static boolean isMainClass(JavaClass type) {
    return type.getName().equals(WORKER + ".WorkerMain");
  }

  @Test
  void everyPackageHasItsArrows() {
    Set<String> found =
        CORE.stream().map(JavaClass::getPackageName).collect(toCollection(TreeSet::new));

    assertThat(found).contains(CONTRACT, FUNCTION, SPI).isSubsetOf(ARROWS.keySet());
  }

  /** So that a worker never loads one of ours a second time. */
  @Test
  void workersKnowAllPackagesOfTheCore() {
    assertThat(ARROWS.keySet())
        .allMatch(name -> CorePackages.hasClass(name + ".Any"))
        .noneMatch(name -> CorePackages.hasClass(name + ".more.Any"));
  }

  @Test
  void noPackageCycle() {
    slices().assignedFrom(new PackageItself()).should().beFreeOfCycles().check(CORE);
  }

  /** So that it can be tested without processes and without sleeping. */
  @Test
  void theSchedulerHasNoThreadNoClockAndNoInputOutput() {
    noClasses()
        .that()
        .resideInAPackage(SCHEDULER)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.io..", "java.net..", "java.nio..", "java.util.concurrent..")
                .and(not(type(Serializable.class)))
                .or(belongToAnyOf(Thread.class, Clock.class)))
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .allowEmptyShould(true)
        .check(CORE);
  }

  /** Who had one killed without this would leave it in the scheduler's hands. */
  @Test
  void aWorkerIsKilledByWayOfItsBeingGivenUp() {
    noClasses()
        .that()
        .resideOutsideOfPackage(FLEET)
        .and()
        .doNotHaveFullyQualifiedName(DISPATCH + ".Activity")
        .should()
        .callMethod(Fleet.class, "kill", Worker.class, Kill.class)
        .check(CORE);
  }

  /** Tells cycles between packages, the contract's own among them, not between their subtrees. */
  private static final class PackageItself implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(type.getPackageName());
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
