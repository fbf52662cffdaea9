package dev.procpool.cli.input;

import dev.procpool.cli.message.UsageException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Lists of values, each value of one with each of the others, or those at the same place of linked
 * lists: {@code ::: a b ::: 1 2} is a 1, a 2, b 1, b 2; {@code ::: a b :::+ 1 2} is a 1, b 2.
 * Immutable.
 *
 * @param groups the lists: those of one group are linked, and of one length
 */
public record ArgumentLists(List<List<List<String>>> groups) {

  private static final String LIST = ":::";
  private static final String LINKED = ":::+";

  /** No list at all. */
  public static final ArgumentLists NONE = new ArgumentLists(List.of());

  public ArgumentLists {
    groups = List.copyOf(groups);
  }

  /** Gives the place of the first list among a command line's arguments; their number if none. */
  public static int start(List<String> arguments) {
    int at = arguments.indexOf(LIST);
    return at < 0 ? arguments.size() : at;
  }

  /** Reads the lists from a command line's arguments, from the first {@code :::} on. */
  public static ArgumentLists parse(List<String> arguments) {
    List<List<List<String>>> groups = new ArrayList<>();
    List<String> list = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.equals(LIST)) {
        list = new ArrayList<>();
        groups.add(new ArrayList<>(List.of(list)));
      } else if (argument.equals(LINKED)) {
        list = new ArrayList<>();
        groups.get(groups.size() - 1).add(list);
      } else {
        list.add(readable(":::", argument));
      }
    }
    for (List<List<String>> group : groups) {
      for (List<String> linked : group) {
        if (linked.isEmpty()) {
          throw new UsageException("::: has no values behind it");
        }
        if (linked.size() != group.get(0).size()) {
          throw new UsageException(
              ":::+ links lists of one length, but they have "
                  + group.get(0).size()
                  + " and "
                  + linked.size()
                  + " values");
        }
      }
    }
    return new ArgumentLists(groups);
  }

  /** Refuses what the JVM could not decode, of which it has kept but a sign. */
  static String readable(String option, String value) {
    if (value.indexOf('\ufffd') >= 0) {
      throw new UsageException(
          option
              + " '"
              + value
              + "' is not text in this locale ("
              + System.getProperty("sun.jnu.encoding")
              + "): set LC_ALL=C.UTF-8");
    }
    return value;
  }

  public boolean isEmpty() {
    return groups.isEmpty();
  }

  /** Gives the number of values in a row. */
  public int width() {
    return groups.stream().mapToInt(List::size).sum();
  }

  /** Gives the number of rows; {@link Long#MAX_VALUE} if there are more. */
  long size() {
    long size = 1;
    for (List<List<String>> group : groups) {
      long length = group.get(0).size();
      size = size > Long.MAX_VALUE / length ? Long.MAX_VALUE : size * length;
    }
    return size;
  }

  /** Gives the rows; the last list's values change first. */
  Iterator<List<String>> rows() {
    return new Iterator<>() {
      private final int[] at = new int[groups.size()];
      private boolean ended;

      @Override
      public boolean hasNext() {
        return !ended;
      }

      @Override
      public List<String> next() {
        if (ended) {
          throw new NoSuchElementException();
        }
        List<String> row = new ArrayList<>();
        for (int i = 0; i < at.length; i++) {
          for (List<String> linked : groups.get(i)) {
            row.add(linked.get(at[i]));
          }
        }
        int i = at.length - 1;
        while (i >= 0 && ++at[i] == groups.get(i).get(0).size()) {
          at[i--] = 0;
        }
        ended = i < 0;
        return row;
      }
    };
  }
}
