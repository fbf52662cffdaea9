package dev.procpool.codec;

import dev.procpool.bytecode.ClassFile;
import dev.procpool.bytecode.ConstantPool;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How messages call a lambda or a method reference, after where it stands in the source. */
final class LambdaText {

  /** What is in the names of classes that were spun for lambdas. */
  static final String CLASS = "$$Lambda";

  /** How the name of the object begins that a method reference calls. */
  static final String BOUND = "the object that ";

  /** "lambda$0$1": what stands in no method. */
  private static final Pattern KOTLIN_SCRIPT = Pattern.compile("lambda(\\$\\d+){2,}");

  /** How Kotlin names what it hands on from a function to the pool's interface. */
  private static final Pattern KOTLIN_ADAPTER = Pattern.compile("tmp\\d+");

  /** How Groovy's compiler names the method of a lambda, in a class of its own. */
  private static final String GROOVY_METHOD = "doCall";

  /** How compilers name the methods that they make of lambdas; in the group, where it stands. */
  private enum Compiler {
    JAVA(SourceLanguage.JAVA, "", "lambda$"),
    KOTLIN(SourceLanguage.KOTLIN, "$lambda$", ""),
    SCALA_2(SourceLanguage.SCALA, "", "$anonfun$"),
    SCALA_3(SourceLanguage.SCALA, "$$anonfun$", "");

    private final SourceLanguage language;

    private final String after;
    private final String before;

    Compiler(SourceLanguage language, String after, String before) {
      this.language = language;
      this.after = after;
      this.before = before;
    }

    /** The compiler that made the method; null if somebody wrote it. */
    static @Nullable Compiler of(String method) {
      if (KOTLIN_SCRIPT.matcher(method).matches()) {
        return KOTLIN;
      }
      for (Compiler compiler : values()) {
        if (compiler.before.isEmpty()
            ? method.contains(compiler.after)
            : method.startsWith(compiler.before)) {
          return compiler;
        }
      }
      return null;
    }

    /** Names the method that the lambda stands in; empty if that is not known. */
    String enclosing(String method) {
      if (before.isEmpty()) {
        String enclosing = method.substring(0, Math.max(0, method.indexOf(after)));
        return enclosing.substring(enclosing.lastIndexOf("$_$") + 1).replaceFirst("^_\\$", "");
      }
      int end = method.indexOf('$', before.length());
      return end < 0 ? "" : method.substring(before.length(), end);
    }
  }

  private LambdaText() {}

  /** Names it: "the lambda in com.acme.Main.run", "the method reference com.acme.Main::price". */
  static String of(SerializedLambda lambda) {
    String method = lambda.getImplMethodName();
    String type = binaryName(lambda.getImplClass());
    Compiler compiler = Compiler.of(method);
    if (isGroovy(lambda)) {
      return CompiledFields.groovy(type);
    } else if (compiler == null) {
      return "the method reference " + type + "::" + method;
    }
    String enclosing = compiler.enclosing(method);
    String where =
        switch (enclosing) {
          case "", "static" -> "";
          case "new", "_init_" -> "'s constructor";
          default -> "." + enclosing;
        };
    return "the lambda in " + type + where;
  }

  /** Tells whether a captured value is the object that the lambda stands in. */
  static boolean isThis(SerializedLambda lambda, int index) {
    Compiler compiler = Compiler.of(lambda.getImplMethodName());
    if (index != 0 || compiler == null) {
      return false;
    }
    if (lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic) {
      return true;
    }
    return compiler != Compiler.JAVA // which alone makes no static method that gets the object
        && lambda.getImplMethodSignature().startsWith("(L" + lambda.getImplClass() + ";");
  }

  /** What to do about a lambda that uses the object it stands in. */
  static String withoutThis(SerializedLambda lambda, @Nullable String use) {
    Compiler compiler = Compiler.of(lambda.getImplMethodName());
    SourceLanguage language = compiler == null ? SourceLanguage.JAVA : compiler.language;
    return language == SourceLanguage.SCALA && lambda.getImplClass().startsWith("$line")
        ? SourceLanguage.COPY // objects of the REPL are within others
        : language.withoutThis(use);
  }

  /** Names a captured value, by its number if the compiler did not keep its name. */
  static String captured(SerializedLambda lambda, int index, @Nullable ClassLoader loader) {
    if (isThis(lambda, index)) {
      return CompiledFields.THIS + of(lambda);
    } else if (isGroovy(lambda)) {
      return ""; // an object that has all that is captured
    } else if (Compiler.of(lambda.getImplMethodName()) == null) {
      return BOUND + of(lambda) + " is bound to";
    }
    boolean hasThis = isThis(lambda, 0);
    String name = variable(lambda, index, loader);
    if (name != null && isKotlin(lambda) && KOTLIN_ADAPTER.matcher(inSource(name)).matches()) {
      return "";
    }
    return "captured variable "
        + (name == null ? "#" + (hasThis ? index : index + 1) : "'" + inSource(name) + "'")
        + " of "
        + of(lambda);
  }

  private static boolean isGroovy(SerializedLambda lambda) {
    return lambda.getImplMethodName().equals(GROOVY_METHOD);
  }

  private static boolean isKotlin(SerializedLambda lambda) {
    return Compiler.of(lambda.getImplMethodName()) == Compiler.KOTLIN;
  }

  /** Tells whether somebody can change a lambda: it is none of a language's own library. */
  static boolean isWritten(SerializedLambda lambda) {
    return !Advice.isOfLibrary(binaryName(lambda.getImplClass()));
  }

  /** Scala and Kotlin number what is captured: "connection$1", "$connection". */
  private static String inSource(String name) {
    String cut = name.startsWith("$") ? name.substring(1) : name;
    int end = cut.indexOf('$');
    return end > 0 ? cut.substring(0, end) : cut;
  }

  private static @Nullable String variable(
      SerializedLambda lambda, int index, @Nullable ClassLoader loader) {
    ClassFile file = file(lambda, loader);
    if (file == null) {
      return null;
    }
    // what an instance method gets first is in no descriptor
    boolean isBound = lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic;
    int slot = isBound ? 1 : 0;
    int at = 1; // after the descriptor's parenthesis
    String descriptor = lambda.getImplMethodSignature();
    for (int i = isBound ? 1 : 0; i < index; i++) {
      char kind = descriptor.charAt(at);
      slot += kind == 'J' || kind == 'D' ? 2 : 1;
      while (descriptor.charAt(at) == '[') {
        at++;
      }
      at = descriptor.charAt(at) == 'L' ? descriptor.indexOf(';', at) + 1 : at + 1;
    }
    return file.parameter(lambda.getImplMethodName() + descriptor, slot);
  }

  /**
   * Tells what of 'this' a lambda uses: "its field 'rate'", "its method price()"; null if that
   * can't be found out.
   */
  static @Nullable String useOfThis(SerializedLambda lambda, @Nullable ClassLoader loader) {
    ClassFile file = file(lambda, loader);
    if (file == null) {
      return null;
    }
    Set<String> uses = new LinkedHashSet<>();
    String method = lambda.getImplMethodName() + lambda.getImplMethodSignature();
    addUses(lambda, file, method, new HashSet<>(), uses);
    return uses.isEmpty() ? null : String.join(" and ", uses);
  }

  private static void addUses(
      SerializedLambda lambda, ClassFile file, String method, Set<String> seen, Set<String> uses) {
    if (!seen.add(method)) {
      return;
    }
    ConstantPool constants = file.constants();
    file.constantsOf(
        method,
        index -> {
          int tag = constants.tag(index);
          boolean isMethod = tag == ConstantPool.METHOD;
          if (!isMethod && tag != ConstantPool.FIELD
              || !constants.owner(index).equals(lambda.getImplClass())
              || constants.name(index).startsWith("<")) {
            return;
          }
          String name = constants.name(index);
          if (isMethod && Compiler.of(name) == Compiler.SCALA_2) { // the body is in another method
            addUses(lambda, file, name + constants.descriptor(index), seen, uses);
          } else {
            String inSource = member(lambda, name);
            uses.add(
                name.startsWith("$outer")
                    ? "the object around it"
                    : isMethod ? "its method " + inSource + "()" : "its field '" + inSource + "'");
          }
        });
  }

  /** As the source has it: "com$acme$Prices$$rate", "twice$1" and "run$twice" are of compilers. */
  private static String member(SerializedLambda lambda, String name) {
    Compiler compiler = Compiler.of(lambda.getImplMethodName());
    if (compiler == Compiler.KOTLIN) {
      return name.replaceFirst(".*\\$(?=\\D)", "").replaceFirst("\\$\\d+$", "");
    } else if (compiler == Compiler.SCALA_2 || compiler == Compiler.SCALA_3) {
      int end = name.lastIndexOf("$$");
      return inSource(end < 0 ? name : name.substring(end + 2));
    }
    return name;
  }

  private static @Nullable ClassFile file(SerializedLambda lambda, @Nullable ClassLoader loader) {
    String path = lambda.getImplClass() + ".class";
    try (InputStream in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(path)
            : loader.getResourceAsStream(path)) {
      return in == null ? null : ClassFile.read(in.readAllBytes());
    } catch (IOException | RuntimeException e) {
      return null; // the message has to do without
    }
  }

  /** Tells whether a class was spun for a lambda or a method reference. */
  static boolean isLambda(Class<?> type) {
    return type.isSynthetic() && type.getName().contains(CLASS);
  }

  private static String binaryName(String internalName) {
    return internalName.replace('/', '.');
  }
}
