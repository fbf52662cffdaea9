package dev.procpool.cli.message;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the names that a mistyped one may have meant, by edit distance. Stateless. */
public final class NearNames {

  private NearNames() {}

  /** Gives up to five names, nearest first, that differ in at most a third of their letters. */
  public static List<String> of(String wanted, Collection<String> names) {
    String lower = wanted.toLowerCase(Locale.ROOT);
    return names.stream()
        .distinct()
        .filter(
            name ->
                distance(lower, name.toLowerCase(Locale.ROOT)) <= Math.max(1, name.length() / 3))
        .sorted(
            Comparator.<String>comparingInt(n -> distance(lower, n.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()))
        .limit(5)
        .toList();
  }

  /** Says which names there are, the nearest first if one is near. */
  public static String instead(String wanted, Collection<String> names) {
    List<String> near = of(wanted, names);
    return (near.isEmpty() ? "" : "did you mean '" + near.get(0) + "'? ")
        + "it has "
        + String.join(", ", names);
  }

  /** The number of letters to add, leave out, change, or swap with the next. */
  static int distance(String a, String b) {
    int[][] steps = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          steps[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int change = steps[i - 1][j - 1] + (same ? 0 : 1);
        steps[i][j] = Math.min(change, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
        }
      }
    }
    return steps[a.length()][b.length()];
  }
}
