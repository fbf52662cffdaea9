package dev.procpool.local;

import java.util.List;

/** A sandbox of fixed words. */
record FixedSandbox(List<String> words) implements Sandbox {

  @Override
  public List<String> command(Start start) {
    return words;
  }

  @Override
  public List<String> programs() {
    return words.subList(0, 1);
  }
}
