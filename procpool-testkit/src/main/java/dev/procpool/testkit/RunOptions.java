package dev.procpool.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The options of a run as a program, each with a number: {@code --seed}, by default a new one, and
 * what else the run has. Not thread-safe.
 */
public final class RunOptions {

  private static final String SEED = "--seed";

  private final Map<String, Long> values = new LinkedHashMap<>();

  /** Makes them, with a new seed. */
  public RunOptions() {
    values.put(SEED, new SplittableRandom().nextLong());
  }

  /**
   * Adds an option.
   *
   * @param name its name, with the dashes
   * @param byDefault its number if it is not given
   * @return these options
   */
  public RunOptions with(String name, long byDefault) {
    values.put(name, byDefault);
    return this;
  }

  /**
   * Reads what a program was given.
   *
   * @param args names and numbers in turn
   * @return these options
   * @throws IllegalArgumentException if there is no such option, or it has no number
   */
  public RunOptions read(String[] args) {
    for (int i = 0; i < args.length; i += 2) {
      if (!values.containsKey(args[i])) {
        throw new IllegalArgumentException("unknown option " + args[i] + "; there are " + names());
      }
      values.put(args[i], Long.parseLong(i + 1 < args.length ? args[i + 1] : ""));
    }
    return this;
  }

  private String names() {
    List<String> names = new ArrayList<>();
    values.keySet().forEach(name -> names.add(name + " N"));
    String last = names.remove(names.size() - 1);
    return names.isEmpty() ? last : String.join(", ", names) + " and " + last;
  }

  /**
   * Gives the seed.
   *
   * @return the seed
   */
  public long seed() {
    return number(SEED);
  }

  /**
   * Gives an option's number.
   *
   * @param name its name
   * @return the number
   */
  public long number(String name) {
    Long value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no option " + name + "; there are " + names());
    }
    return value;
  }
}
