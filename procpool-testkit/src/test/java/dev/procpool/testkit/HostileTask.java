package dev.procpool.testkit;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Tries the ways out of a box.
 *
 * @param directory where a secret, a socket, a pipe and files are that it looks for
 * @param port of a server of the program's
 * @param program the process that has the pool
 * @param abstractName a socket's
 * @param isBoxed whether it may do what would harm the machine if it worked
 */
record HostileTask(String directory, int port, long program, String abstractName, boolean isBoxed)
    implements Serializable {

  static final long SPACE = 8L << 20;
  static final int PROCESSES = 200;

  private static final List<Path> OWN =
      List.of(Path.of("/tmp"), Path.of("/var/tmp"), Path.of("/run"), Path.of("/dev/shm"));

  private static final Path PROC = Path.of("/proc");
  private static final Path KEYS = Path.of("/proc/keys");

  /** Its own; nothing can be made there by opening it. */
  private static final Path TERMINALS = Path.of("/dev/pts");

  private static final long NO_LIMIT_REACHED = 4 * SPACE;

  /** Ends well if it could make twice as many processes as there should be. */
  private static final String FORKS =
      "my @made; for (1.."
          + 2 * PROCESSES
          + ") { my $p = fork; if (!defined $p) { kill 9, @made; exit 1 }"
          + " if (!$p) { sleep 60; exit } push @made, $p } kill 9, @made; exit 0";

  private interface Attempt {
    boolean run() throws Exception;
  }

  /** Gives the names of what worked, of which there should be none. */
  List<String> reached() {
    List<String> reached = new ArrayList<>();
    files(reached);
    sockets(reached);
    processes(reached);
    kernel(reached);
    if (isBoxed) {
      mounts(reached);
      limits(reached);
    }
    return reached;
  }

  private static void attempt(List<String> reached, String what, Attempt attempt) {
    try {
      if (attempt.run()) {
        reached.add(what);
      }
    } catch (Exception | OutOfMemoryError e) { // refused
    }
  }

  private void files(List<String> reached) {
    Path secret = Path.of(directory, "home/key");
    attempt(reached, "a secret", () -> !Files.readString(secret).isEmpty());
    attempt(
        reached,
        "a secret by the first process",
        () -> !Files.readString(Path.of("/proc/1/root" + secret)).isEmpty());
    attempt(
        reached,
        "a secret by its own process",
        () ->
            !Files.readString(Path.of("/proc/self/cwd/../../../../../../../../" + secret))
                .isEmpty());
    attempt(reached, "the home", () -> holds(System.getProperty("user.home"), ".bashrc"));
    attempt(reached, "passwords", () -> Files.exists(Path.of("/etc/shadow")));
    attempt(reached, "devices", () -> holds("/dev", "mem") || holds("/dev", "kmsg"));
    attempt(reached, "settings of devices", () -> Files.exists(Path.of("/sys/kernel")));
    attempt(reached, "control groups", () -> Files.exists(Path.of("/sys/fs/cgroup")));
    attempt(reached, "what is in /run", () -> !List.of(new File("/run").list()).isEmpty());
    if (isBoxed) {
      List<Path> writable = writable();
      attempt(reached, "writable: " + writable, () -> !writable.equals(List.of(writtenFolder())));
    }
    for (String mode : List.of("4755", "2755", "u+s", "g+s")) {
      attempt(reached, "chmod " + mode, () -> isBoxed && marks("chmod " + mode + " \"$0\""));
    }
    attempt(
        reached,
        "a new file with set-user-ID",
        () ->
            isBoxed
                && marks(
                    "perl -MFcntl -e 'sysopen(F, \"$ARGV[0]2\", O_CREAT|O_WRONLY, 04755)' \"$0\""));
    attempt(reached, "the pool's directory", this::writesToPool);
    attempt(
        reached,
        "a file of what is shown",
        () -> Files.writeString(Path.of(directory, "shown/x"), "x") != null);
    attempt(reached, "descriptors of files: " + descriptors(), () -> !descriptors().isEmpty());
  }

  private static boolean holds(String folder, String name) {
    String[] names = new File(folder).list();
    return names != null && List.of(names).contains(name);
  }

  /** Whether a command leaves a file that others would run as this user, or its group. */
  private boolean marks(String command) throws Exception {
    Path file = Files.writeString(writtenFolder().resolve("program"), "x");
    run("/bin/sh", "-c", command, file.toString());
    try (Stream<Path> all = Files.list(writtenFolder())) {
      for (Path one : all.toList()) {
        if (((int) Files.getAttribute(one, "unix:mode") & 06000) != 0) {
          return true;
        }
        Files.delete(one);
      }
    }
    return false;
  }

  private Path writtenFolder() {
    return Path.of(directory, "written");
  }

  private boolean writesToPool() throws IOException {
    Path temporary = Path.of(directory).resolveSibling("t");
    try (Stream<Path> pools = Files.list(temporary)) {
      return pools
          .flatMap(pool -> Stream.of(pool, pool.resolve("each"), pool.resolve("jvm.args")))
          .anyMatch(Files::isWritable);
    }
  }

  /** Directories that may be written to, but for those that are its own; and files in /proc. */
  private List<Path> writable() {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          Path.of("/"),
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              boolean isOwn = OWN.stream().anyMatch(folder::startsWith);
              if (Files.isWritable(folder)
                  && (!isOwn || folder.equals(writtenFolder()))
                  && !folder.equals(TERMINALS)) {
                found.add(folder);
              }
              boolean isProcess = PROC.equals(folder.getParent()) && isNumber(folder);
              return isProcess || folder.startsWith("/usr/") || folder.equals(TERMINALS)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (file.startsWith(PROC)
                  && !attributes.isSymbolicLink()
                  && !file.equals(KEYS) // which is /dev/null
                  && Files.isWritable(file)) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return found;
  }

  private static boolean isNumber(Path path) {
    return path.getFileName().toString().chars().allMatch(Character::isDigit);
  }

  /** Files that this process has open and could not open itself. */
  private static List<Path> descriptors() {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : all.toList()) {
        try {
          Path file = Files.readSymbolicLink(descriptor);
          if (file.isAbsolute() && !Files.exists(file)) {
            found.add(file);
          }
        } catch (IOException e) {
          // closed
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return found.stream().filter(file -> !file.toString().endsWith("/fd")).toList();
  }

  private void sockets(List<String> reached) {
    attempt(
        reached,
        "a socket",
        () -> {
          try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return socket.connect(UnixDomainSocketAddress.of(Path.of(directory, "agent")));
          }
        });
    attempt(
        reached,
        "a pipe",
        () -> {
          try (FileChannel pipe =
              FileChannel.open(Path.of(directory, "pipe"), StandardOpenOption.WRITE)) {
            return pipe.isOpen();
          }
        });
    attempt(
        reached,
        "an abstract socket",
        () ->
            perl(
                "use Socket; socket(S, 1, 1, 0) && connect(S, pack_sockaddr_un(\"\\0\" . $ARGV[0]))"
                    + " or exit 1",
                abstractName));
    attempt(
        reached,
        "a server",
        () -> {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
          }
        });
    attempt(
        reached,
        "the network",
        () -> NetworkInterface.networkInterfaces().anyMatch(one -> !one.getName().equals("lo")));
    for (int family : new int[] {38, 40, 42}) { // the kernel's ciphers, the host, a modem
      attempt(
          reached,
          "a socket of the family " + family,
          () -> isBoxed && perl("socket(S, " + family + ", 1, 0) or exit !!$!{EPERM}"));
    }
    for (String socket :
        List.of("/var/run/docker.sock", "/run/dbus/system_bus_socket", "/run/systemd/private")) {
      attempt(reached, socket, () -> isBoxed && Files.exists(Path.of(socket)));
    }
  }

  private void processes(List<String> reached) {
    attempt(reached, "the program", () -> commands().stream().anyMatch(this::isProgram));
    attempt(reached, "a signal", () -> isBoxed && hasProgram() && perlKills());
    attempt(
        reached,
        "the program's environment",
        () -> hasProgram() && Files.size(PROC.resolve(program + "/environ")) >= 0);
    attempt(
        reached,
        "the program's root",
        () -> hasProgram() && Files.exists(PROC.resolve(program + "/root/proc")));
    attempt(
        reached, "to trace it", () -> hasProgram() && isBoxed && perl(call(101, "16, " + program)));
    attempt(
        reached,
        "a terminal",
        () -> {
          try (FileChannel terminal =
              FileChannel.open(Path.of("/dev/tty"), StandardOpenOption.WRITE)) {
            return terminal.isOpen() && isBoxed;
          }
        });
    attempt(reached, "typing", () -> isBoxed && perl("exit !ioctl(STDIN, 0x5412, my $x = 'x')"));
  }

  private boolean isProgram(String command) {
    return command.contains(Escapes.class.getName());
  }

  /** Whether a process of that number is the program, and not by chance one of its own. */
  private boolean hasProgram() throws IOException {
    return isProgram(Files.readString(PROC.resolve(program + "/cmdline")));
  }

  private boolean perlKills() throws Exception {
    return perl("exit !kill(0, " + program + ")");
  }

  private static List<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    for (String name : new File("/proc").list()) {
      if (isNumber(Path.of(name))) {
        try {
          commands.add(Files.readString(PROC.resolve(name + "/cmdline")));
        } catch (IOException e) {
          // it has ended
        }
      }
    }
    return commands;
  }

  private void kernel(List<String> reached) {
    attempt(
        reached,
        "names of keys",
        () -> Files.size(Path.of("/proc/keys")) > 0 || lines("/proc/keys") > 0);
    if (System.getProperty("os.arch").equals("amd64")) { // numbers of its calls
      attempt(
          reached,
          "a new key",
          () -> perl(call(248, "my $t = 'user', my $d = 'x', my $v = 'y', 1, -1")));
      attempt(reached, "the keys of the session", () -> perl(call(250, "0, -3, 1")));
      attempt(reached, "a new session of keys", () -> perl(call(250, "1, 0")));
      attempt(reached, "a request for keys", () -> isBoxed && refusesNot(249, "0, 0, 0, 0"));
      attempt(reached, "a namespace", () -> isBoxed && perl(call(272, "0x10000000")));
      attempt(
          reached,
          "a clone with a namespace",
          () -> isBoxed && refusesNot(56, "0x10000011, 0, 0, 0, 0"));
      attempt(reached, "BPF", () -> isBoxed && refusesNot(321, "0, 0, 0"));
      attempt(reached, "performance events", () -> isBoxed && refusesNot(298, "0, 0, -1, -1, 0"));
      attempt(reached, "page faults", () -> isBoxed && perl(call(323, "1")));
      attempt(reached, "io_uring", () -> isBoxed && refusesNot(425, "0, 0"));
      attempt(reached, "the kernel's log", () -> isBoxed && perl(call(103, "10, 0, 0")));
    }
    if (isBoxed) {
      attempt(reached, "capabilities", () -> !hasNoRights());
      attempt(reached, "the machine's name", () -> run("hostname", "escaped"));
      attempt(reached, "the clock", () -> run("date", "-s", "2030-01-01"));
      for (String file :
          List.of(
              "sys/kernel/core_pattern",
              "sysrq-trigger",
              "sys/vm/drop_caches",
              "1/oom_score_adj")) {
        attempt(
            reached,
            file,
            () -> {
              try (FileChannel open =
                  FileChannel.open(PROC.resolve(file), StandardOpenOption.WRITE)) {
                return open.isOpen();
              }
            });
      }
    }
  }

  private static long lines(String file) throws IOException {
    return Files.readAllLines(Path.of(file)).size();
  }

  /** No capability of any kind, and no way to one by set-user-ID. */
  private static boolean hasNoRights() throws IOException {
    List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
    return status.stream()
            .filter(line -> line.startsWith("Cap"))
            .allMatch(line -> line.endsWith("\t0000000000000000"))
        && status.contains("NoNewPrivs:\t1");
  }

  private void mounts(List<String> reached) {
    for (String command :
        List.of(
            "mount -t tmpfs x /usr",
            "mount -o remount,rw,bind /usr",
            "mount -o remount,rw,bind /proc",
            "mount -o remount,rw /",
            "umount /proc/keys",
            "mount -t cgroup2 x /tmp",
            "unshare -m true",
            "unshare -Ur true",
            "unshare -Urm mount -t tmpfs x /usr",
            "nsenter -t 1 -m true",
            "chroot / true",
            "mknod /tmp/mem c 1 1",
            "su -c true",
            "sudo -n true")) {
      attempt(reached, command, () -> run(command.split(" ")));
    }
  }

  private void limits(List<String> reached) {
    for (Path own : OWN) {
      attempt(reached, "much in " + own, () -> fills(own.resolve("fill")));
    }
    attempt(reached, "a large file", () -> fills(writtenFolder().resolve("fill")));
    attempt(
        reached,
        "much memory of the pool's",
        () -> {
          try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.anyMatch(HostileTask::fills);
          }
        });
    if (!isRoot()) {
      attempt(reached, "many processes", () -> perl(FORKS));
    }
  }

  /** The kernel does not count root's processes. */
  private static boolean isRoot() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .anyMatch(line -> line.startsWith("Uid:\t0\t"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether there is room for several times what there should be. */
  private static boolean fills(Path file) {
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      byte[] block = new byte[1 << 16];
      for (long done = 0; done < NO_LIMIT_REACHED; done += block.length) {
        out.write(block);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A program that ends well if a system call does. */
  private static String call(int number, String arguments) {
    return "exit(syscall(" + number + ", " + arguments + ") == -1)";
  }

  /** Whether a call fails for another reason than that it is refused, or does not fail. */
  private static boolean refusesNot(int number, String arguments) throws Exception {
    return perl("exit(syscall(" + number + ", " + arguments + ") == -1 && $!{EPERM})");
  }

  private static boolean perl(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("perl", "-e"));
    command.addAll(List.of(words));
    return run(command.toArray(String[]::new));
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
