package dev.procpool.bench;

/** A JVM that does nothing: says that it is there and waits for its standard input to end. */
final class BareJvm {

  private BareJvm() {}

  public static void main(String[] args) throws Exception {
    System.out.println("here");
    System.in.readAllBytes();
  }
}
