package dev.procpool.cli.input;

import dev.procpool.cli.message.UsageException;
import java.util.ArrayList;
import java.util.List;

/**
 * Columns that {@code --with name=a,b} adds to the rows: each row comes once with each value of
 * each. Immutable.
 *
 * @param names the columns' names
 * @param values their values
 */
public record WithColumns(List<String> names, ArgumentLists values) {

  /** No column. */
  static final WithColumns NONE = new WithColumns(List.of(), ArgumentLists.NONE);

  public WithColumns {
    names = List.copyOf(names);
  }

  public static WithColumns parse(List<String> options) {
    List<String> names = new ArrayList<>();
    List<List<List<String>>> groups = new ArrayList<>();
    for (String option : options) {
      int equals = ArgumentLists.readable("--with", option).indexOf('=');
      if (equals < 1) {
        throw new UsageException("--with '" + option + "' is not of the form NAME=VALUE,VALUE");
      }
      String name = option.substring(0, equals);
      if (names.contains(name)) {
        throw new UsageException("--with gives '" + name + "' twice");
      }
      names.add(name);
      groups.add(List.of(List.of(option.substring(equals + 1).split(",", -1))));
    }
    return new WithColumns(names, new ArgumentLists(groups));
  }

  public boolean isEmpty() {
    return names.isEmpty();
  }
}
