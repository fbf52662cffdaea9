package dev.procpool.cli.target;

import dev.procpool.cli.binding.Mode;
import dev.procpool.cli.binding.Target;
import dev.procpool.cli.input.Input;
import dev.procpool.cli.input.PeekedRows;
import dev.procpool.cli.message.UsageException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The methods that a TARGET may mean, of which the rows tell one: the one that takes as many values
 * as a row has, or the names that the header has. Immutable.
 *
 * @param spec the TARGET as written
 * @param targets the methods, at least one
 */
public record Overloads(TargetSpec spec, List<Target> targets) {

  public Overloads {
    targets = List.copyOf(targets);
  }

  /** Leaves those that fit what is known before the input is opened; refuses if none does. */
  public Overloads fitting(Mode mode, Input input) {
    List<Target> fitting =
        targets.stream().filter(target -> Fit.arity(target, mode, input) == null).toList();
    if (!fitting.isEmpty()) {
      return new Overloads(spec, fitting);
    }
    String fault = Objects.requireNonNull(Fit.arity(targets.get(0), mode, input));
    throw new UsageException(targets.size() == 1 ? fault : fault + "; it has " + list(targets));
  }

  /** Chooses the one that fits the header and the first row; refuses if none or several do. */
  public Target choose(Mode mode, PeekedRows rows, boolean byPosition) {
    List<Target> fitting =
        targets.stream()
            .filter(target -> Fit.rows(target, mode, rows, byPosition) == null)
            .toList();
    if (fitting.size() == 1 || !fitting.isEmpty() && rows.peek() == null) {
      return fitting.get(0);
    }
    if (fitting.isEmpty() && targets.size() == 1) {
      throw new UsageException(
          Objects.requireNonNull(Fit.rows(targets.get(0), mode, rows, byPosition)));
    }
    throw new UsageException(
        targets.get(0).owner().getName()
            + "::"
            + spec.method()
            + " is overloaded"
            + (fitting.isEmpty() ? ", and none fits the first row" : "")
            + "; choose one of "
            + list(fitting.isEmpty() ? targets : fitting));
  }

  /** Lists methods as they are written in a TARGET. */
  static String list(Collection<Target> targets) {
    return targets.stream()
        .map(target -> "'" + target.chosen() + "'")
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
