package dev.procpool.local.settings;

import dev.procpool.guard.SafeText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What differs from worker to worker, as functions of the user's say. Immutable.
 *
 * @param options more options of a worker's JVM; null for none
 * @param environment more variables; null for none
 */
public record ByWorker(
    @Nullable IntFunction<? extends List<String>> options,
    @Nullable IntFunction<? extends Map<String, String>> environment) {

  public static final ByWorker NOTHING = new ByWorker(null, null);

  /** The same with other options. */
  public ByWorker withOptions(IntFunction<? extends List<String>> ofWorker) {
    return new ByWorker(Objects.requireNonNull(ofWorker, "ofWorker"), environment);
  }

  /** The same with another environment. */
  public ByWorker withEnvironment(IntFunction<? extends Map<String, String>> ofWorker) {
    return new ByWorker(options, Objects.requireNonNull(ofWorker, "ofWorker"));
  }

  /** Whether nothing differs. */
  public boolean isNothing() {
    return options == null && environment == null;
  }

  /** Whether JVMs may differ so that they can't share an archive of classes. */
  public boolean changesJvm() {
    return options != null;
  }

  /**
   * How a worker's process is started, from how all are. Runs users' code.
   *
   * @throws WrongOptionException if a function throws, or gives what can't be passed on
   */
  PoolSettings.Jvm of(int worker, PoolSettings.Jvm all) {
    List<String> chosen = new ArrayList<>(all.options().chosen());
    Map<String, String> added = new HashMap<>(all.environment().added());
    chosen.addAll(optionsOf(worker));
    added.putAll(environmentOf(worker));
    WorkerEnvironment variables = new WorkerEnvironment(all.environment().isInherited(), added);
    return all.with(
        all.inherits()
            ? JvmOptions.inheriting(List.copyOf(chosen), variables, all.home())
            : JvmOptions.of(List.copyOf(chosen)),
        variables);
  }

  /**
   * The options of one worker.
   *
   * @throws WrongOptionException if what the user says can't be used
   */
  public List<String> optionsOf(int worker) {
    return options == null
        ? List.of()
        : said("jvmOptions", worker, () -> JvmOptions.checked(given(options, worker)));
  }

  /**
   * The variables of one worker.
   *
   * @throws WrongOptionException if what the user says can't be used
   */
  public Map<String, String> environmentOf(int worker) {
    return environment == null
        ? Map.of()
        : said("environment", worker, () -> WorkerEnvironment.checked(given(environment, worker)));
  }

  private static <T> T given(IntFunction<? extends T> function, int worker) {
    return Objects.requireNonNull(function.apply(worker), "the function gave null");
  }

  /** What a user's function says. */
  private interface Said<T> {
    T get();
  }

  private static <T> T said(String option, int worker, Said<T> what) {
    try {
      return what.get();
    } catch (Throwable e) { // users' code: it may throw whatever it likes
      throw new WrongOptionException(option + " of worker " + worker + ": " + SafeText.of(e), e);
    }
  }
}
