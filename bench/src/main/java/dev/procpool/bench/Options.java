package dev.procpool.bench;

/**
 * What the command line asks for.
 *
 * @param quick whether few items and rounds are enough
 * @param markdown whether the table is to be in Markdown
 * @param streamItems how many items go through the long stream
 * @param watched whether the measures are those of pools that are watched; all others if not
 * @param only a word in the names of the measures to take; empty for all
 */
record Options(boolean quick, boolean markdown, long streamItems, boolean watched, String only) {

  static Options parse(String[] args) {
    boolean quick = false;
    boolean markdown = false;
    long streamItems = 0;
    boolean watched = false;
    String only = "";
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--quick" -> quick = true;
        case "--markdown" -> markdown = true;
        case "--stream" -> streamItems = Long.parseLong(args[++i]);
        case "--watched" -> watched = true; // by bench/run
        case "--only" -> only = args[++i];
        default ->
            throw new IllegalArgumentException(
                args[i] + ": the options are --quick, --markdown, --stream N, --only WORD");
      }
    }
    return new Options(
        quick,
        markdown,
        streamItems > 0 ? streamItems : quick ? 2_000_000 : 50_000_000,
        watched,
        only);
  }

  /** Rounds of which the median counts. */
  int rounds() {
    return quick ? 3 : 7;
  }

  int pick(int inAQuickRun, int inAFullRun) {
    return quick ? inAQuickRun : inAFullRun;
  }
}
