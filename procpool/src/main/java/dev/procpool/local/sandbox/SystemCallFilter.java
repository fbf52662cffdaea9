package dev.procpool.local.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * A program for the kernel's filter of system calls (seccomp, classic BPF), as bubblewrap loads it:
 *
 *   what is asked                               answer
 *   a call of another kind of program (32-bit)  ENOSYS
 *   a call that is refused                      EPERM
 *   clone3, openat2, whose memory a filter      ENOSYS: the C library then uses clone, openat,
 *     can't see; fchmodat2                        fchmodat
 *   clone, unshare with a new user namespace    EPERM
 *   a socket that is of no network's namespace  EPERM
 *   a mode with set-user-ID or set-group-ID     EPERM
 *   all others                                  allowed
 */

/**
 * Refuses workers in {@code Bubblewrap} the system calls that its namespaces don't confine: keys of
 * the kernel's, which are the user's; namespaces within; the kernel's log; sockets to the host of a
 * virtual machine and of other families that a network namespace does not keep apart; files that
 * others would run with this user's rights; and what no task needs and faults of the kernel were
 * found in (BPF, performance events, {@code userfaultfd}, {@code io_uring}).
 */
public final class SystemCallFilter {

  /** A call and the place of an argument of its, from 0. */
  private record Argument(int call, int at) {}

  /**
   * The numbers of calls in one kind of program.
   *
   * @param namespaces with flags of namespaces
   * @param modes with the mode of a file
   * @param opens with flags, and after them the mode of a file if it is made
   */
  private record Calls(
      int architecture,
      List<Integer> refused,
      List<Argument> namespaces,
      List<Integer> sockets,
      List<Argument> modes,
      List<Argument> opens) {}

  /** The same numbers on all processors: clone3, openat2, fchmodat2. */
  private static final List<Integer> NOT_THERE = List.of(435, 437, 452);

  /** By the JVM's name for the processor. */
  private static final Map<String, Calls> CALLS =
      Map.of(
          "amd64",
          new Calls(
              0xC000003E,
              List.of(
                  103, // syslog
                  248, // add_key
                  249, // request_key
                  250, // keyctl
                  298, // perf_event_open
                  321, // bpf
                  323, // userfaultfd
                  425, // io_uring_setup
                  426, // io_uring_enter
                  427), // io_uring_register
              List.of(
                  new Argument(56, 0), // clone
                  new Argument(272, 0)), // unshare
              List.of(
                  41, // socket
                  53), // socketpair
              List.of(
                  new Argument(85, 1), // creat
                  new Argument(90, 1), // chmod
                  new Argument(91, 1), // fchmod
                  new Argument(133, 1), // mknod
                  new Argument(259, 2), // mknodat
                  new Argument(268, 2)), // fchmodat
              List.of(
                  new Argument(2, 1), // open
                  new Argument(257, 2))), // openat
          "aarch64",
          new Calls(
              0xC00000B7,
              List.of(
                  116, // syslog
                  217, // add_key
                  218, // request_key
                  219, // keyctl
                  241, // perf_event_open
                  280, // bpf
                  282, // userfaultfd
                  425, // io_uring_setup
                  426, // io_uring_enter
                  427), // io_uring_register
              List.of(
                  new Argument(220, 0), // clone
                  new Argument(97, 0)), // unshare
              List.of(
                  198, // socket
                  199), // socketpair
              List.of(
                  new Argument(33, 2), // mknodat
                  new Argument(52, 1), // fchmod
                  new Argument(53, 2)), // fchmodat
              List.of(new Argument(56, 2)))); // openat

  /** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. */
  private static final List<Integer> FAMILIES = List.of(1, 2, 10, 16);

  private static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  private static final int IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final int IF_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
  private static final int IF_ANY_BIT = 0x45; // BPF_JMP | BPF_JSET | BPF_K
  private static final int RETURN = 0x06; // BPF_RET | BPF_K

  private static final int NUMBER_AT = 0;
  private static final int ARCHITECTURE_AT = 4;
  private static final int ARGUMENTS_AT = 16;
  private static final int ARGUMENT_BYTES = 8;

  private static final int ALLOW = 0x7FFF0000;
  private static final int EPERM = 0x00050001;
  private static final int ENOSYS = 0x00050026;

  /** Numbers from here on are those of x86's third kind of program. */
  private static final int X32 = 0x40000000;

  private static final int CLONE_NEWUSER = 0x10000000;

  /** S_ISUID and S_ISGID. */
  private static final int SET_ID = 06000;

  /** O_CREAT, and what O_TMPFILE has beside O_DIRECTORY: else the mode is no argument. */
  private static final int MAKES = 0100 | 020000000;

  private static final int INSTRUCTION_BYTES = 8;

  /** There is room for more than the longest. */
  private static final int MOST_INSTRUCTIONS = 200;

  private final ByteBuffer bytes =
      ByteBuffer.allocate(MOST_INSTRUCTIONS * INSTRUCTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private SystemCallFilter() {}

  /**
   * Gives the program.
   *
   * @param processor as {@code os.arch} names it
   * @return null if the numbers of its calls are not known here
   */
  public static byte @Nullable [] program(String processor) {
    Calls calls = CALLS.get(processor);
    if (calls == null) {
      return null;
    }
    SystemCallFilter filter = new SystemCallFilter();
    filter.addAll(calls);
    return Arrays.copyOf(filter.bytes.array(), filter.bytes.position());
  }

  private void addAll(Calls calls) {
    add(LOAD, ARCHITECTURE_AT);
    jump(IF_EQUAL, calls.architecture(), 1, 0);
    add(RETURN, ENOSYS);
    add(LOAD, NUMBER_AT);
    jump(IF_AT_LEAST, X32, 0, 1);
    add(RETURN, ENOSYS);
    for (int call : NOT_THERE) {
      answer(call, ENOSYS);
    }
    for (int call : calls.refused()) {
      answer(call, EPERM);
    }
    for (Argument flags : calls.namespaces()) {
      refuseBits(flags, CLONE_NEWUSER);
    }
    for (Argument mode : calls.modes()) {
      refuseBits(mode, SET_ID);
    }
    for (Argument flags : calls.opens()) {
      refuseModeIfMade(flags);
    }
    for (int call : calls.sockets()) {
      refuseOtherFamilies(call);
    }
    add(RETURN, ALLOW);
  }

  private void answer(int call, int answer) {
    jump(IF_EQUAL, call, 0, 1);
    add(RETURN, answer);
  }

  private void refuseBits(Argument argument, int bits) {
    jump(IF_EQUAL, argument.call(), 0, 4);
    load(argument.at());
    jump(IF_ANY_BIT, bits, 0, 1);
    add(RETURN, EPERM);
    add(RETURN, ALLOW);
  }

  private void refuseModeIfMade(Argument flags) {
    jump(IF_EQUAL, flags.call(), 0, 6);
    load(flags.at());
    jump(IF_ANY_BIT, MAKES, 0, 3);
    load(flags.at() + 1);
    jump(IF_ANY_BIT, SET_ID, 0, 1);
    add(RETURN, EPERM);
    add(RETURN, ALLOW);
  }

  private void refuseOtherFamilies(int call) {
    int left = FAMILIES.size();
    jump(IF_EQUAL, call, 0, left + 3);
    load(0);
    for (int family : FAMILIES) {
      jump(IF_EQUAL, family, left--, 0);
    }
    add(RETURN, EPERM);
    add(RETURN, ALLOW);
  }

  /** Loads the lower half of an argument: both processors are little-endian. */
  private void load(int argument) {
    add(LOAD, ARGUMENTS_AT + argument * ARGUMENT_BYTES);
  }

  private void add(int code, int operand) {
    bytes.putShort((short) code).put((byte) 0).put((byte) 0).putInt(operand);
  }

  /** Leaves out as many of the instructions that come after it. */
  private void jump(int code, int operand, int ifTrue, int ifFalse) {
    bytes.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(operand);
  }
}
