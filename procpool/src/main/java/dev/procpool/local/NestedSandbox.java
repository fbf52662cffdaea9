package dev.procpool.local;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** A sandbox within another. */
record NestedSandbox(Sandbox outer, Sandbox inner) implements Sandbox {

  @Override
  public void prepare(Start start) throws IOException {
    outer.prepare(start);
    inner.prepare(start);
  }

  @Override
  public List<String> command(Start start) {
    return Stream.of(outer, inner).flatMap(one -> one.command(start).stream()).toList();
  }

  @Override
  public List<String> programs() {
    return Stream.of(outer, inner).flatMap(one -> one.programs().stream()).toList();
  }

  @Override
  public boolean hasOwnTemporaryFolder() {
    return outer.hasOwnTemporaryFolder() || inner.hasOwnTemporaryFolder();
  }
}
