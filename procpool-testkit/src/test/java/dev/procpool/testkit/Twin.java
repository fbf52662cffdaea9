package dev.procpool.testkit;

import dev.procpool.function.Task1;

/** A task of a name that a plug-in's loader has too. */
class Twin implements Task1<Integer, String> {
  private static final long serialVersionUID = 1L;

  @Override
  public String call(Integer value) {
    return "class path " + value;
  }
}
