package dev.procpool.codec;

import dev.procpool.guard.SafeText;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The message about a value that can't be serialized: what is at fault, where, what to do. */
final class Fault {

  /** Advice that is of no use for what a task returns. */
  static final String MAKE_IN_TASK = "make the object in the task";

  private static final Set<String> OWN_SERIALIZATION =
      Set.of("writeObject", "writeExternal", "writeReplace");

  private final Object root;
  private final List<SerializedLambda> lambdas;
  private final @Nullable Object last;
  private final Throwable error;

  private Fault(Object root, @Nullable GraphOutput graph, Throwable error) {
    this.root = root;
    this.lambdas = graph == null ? List.of() : graph.lambdas();
    this.last = graph == null ? null : graph.lastBefore(error);
    this.error = error;
  }

  static String describe(Object root, @Nullable GraphOutput graph, Throwable error) {
    try {
      return new Fault(root, graph, error).describe();
    } catch (StackOverflowError e) {
      return shortly(root, error);
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) { // foreign code is looked at: it may throw
      return shortly(root, error);
    }
  }

  private static String shortly(Object root, Throwable error) {
    return root.getClass().getName() + " can't be serialized: " + error.getClass().getName();
  }

  private String describe() {
    StackTraceElement[] stack = error.getStackTrace();
    boolean ofStream =
        stack.length == 0 || stack[0].getClassName().equals(ObjectOutputStream.class.getName());
    boolean ofLambda = last != null && LambdaText.isLambda(last.getClass()); // its writeReplace
    if (error instanceof NotSerializableException && (ofStream || ofLambda) && last != null) {
      return notSerializable(last);
    }
    String method = throwingMethod(stack);
    if (method == null && error.getCause() != null) {
      method = throwingMethod(error.getCause().getStackTrace());
    }
    if (method == null) {
      FaultPath.Step step = last == null ? null : find(part -> part == last);
      return (last == null ? root : last).getClass().getName()
          + where(step)
          + " can't be serialized: "
          + words(error);
    }
    String thrower = method.substring(0, method.lastIndexOf('.'));
    FaultPath.Step step = find(part -> isA(part, thrower));
    boolean isFuture =
        step != null && Advice.isA(step.value().getClass(), "scala.concurrent.Future");
    return method
        + " threw "
        + words(error)
        + where(step)
        + (isFuture ? "; " + Advice.OF_FUTURE : "");
  }

  private static String words(Throwable error) {
    String initializer = InitFailure.describe(error);
    return initializer != null
        ? error.getClass().getName() + ": " + initializer
        : SafeText.of(error);
  }

  private String notSerializable(Object culprit) {
    FaultPath.Step step = find(part -> part == culprit);
    String name = withoutNumber(culprit.getClass());
    String own = Advice.of(culprit);
    Class<?> type = culprit.getClass();
    if (own == null && (LambdaText.isLambda(type) || KotlinClass.isLambda(type))) {
      return name
          + where(step)
          + " is a lambda that is not Serializable: "
          + SerializableLambda.advice(type);
    }
    if (step != null && step.lambda() != null) {
      String use = step.use();
      return LambdaText.of(step.lambda())
          + " uses 'this' ("
          + name
          + ")"
          + (use == null ? "" : " for " + use)
          + ", and that is not Serializable; "
          + (SourceLanguage.isKotlinScript(type)
              ? SourceLanguage.OF_KOTLIN_SCRIPT
              : LambdaText.withoutThis(step.lambda(), use));
    }
    String advice = advice(culprit, step);
    for (FaultPath.Step s = step; s != null; s = s.from()) {
      if (s.lambda() != null && LambdaText.isWritten(s.lambda())) {
        String use = s.use();
        advice =
            "; the lambda uses 'this'"
                + (use == null ? "" : " for " + use)
                + ": "
                + LambdaText.withoutThis(s.lambda(), use);
      } else if (s.lambda() == null
          && s.from() != null
          && s.segment().startsWith(CompiledFields.THIS)) {
        advice = "; " + ClosureAdvice.withoutThis(s.from(), s.value());
      } else if (s.from() != null && isOuter(s.segment())) {
        Class<?> inner = s.from().value().getClass();
        advice = "; " + SourceLanguage.of(inner).withoutOuter(inner);
      }
    }
    return name + where(step) + " is not Serializable" + advice;
  }

  private static boolean isOuter(String segment) {
    return segment.startsWith(".this$") || segment.equals(".$outer");
  }

  /** The name of a class, of a lambda's without the number that is another in each run. */
  private static String withoutNumber(Class<?> type) {
    String name = type.getName();
    return LambdaText.isLambda(type)
        ? name.substring(0, name.lastIndexOf(LambdaText.CLASS) + LambdaText.CLASS.length())
        : name;
  }

  private static String advice(Object culprit, FaultPath.@Nullable Step step) {
    String own = Advice.of(culprit);
    if (own != null) {
      return "; " + own;
    } else if (step != null && step.from() != null && step.from().value() instanceof Proxy) {
      return "; " + Advice.OF_PROXY;
    }
    String detail = step == null || step.detail() == null ? "" : step.detail();
    String segment = step == null ? "" : step.segment();
    boolean isBound = segment.startsWith(LambdaText.BOUND);
    String ofBound = isBound && step != null ? ClosureAdvice.bound(step) : null;
    if (ofBound != null) {
      return "; " + ofBound;
    }
    Class<?> type = culprit.getClass();
    SourceLanguage language = SourceLanguage.of(type);
    boolean ofUser = !Advice.isOfLibrary(type);
    List<@Nullable String> ways = new ArrayList<>();
    ways.add(ofUser ? language.serializable() : null);
    if (isBound) {
      ways.add(ofUser ? language.withoutObject() : null);
    } else if (step != null
        && step.from() != null
        && detail.startsWith("field")
        && isWritten(detail)) {
      ways.add(SourceLanguage.of(step.from().value().getClass()).transientField());
    }
    ways.add(MAKE_IN_TASK);
    return "; " + ways.stream().filter(Objects::nonNull).collect(Collectors.joining(", or "));
  }

  /** Tells whether somebody wrote a field, and can change it: not a compiler, nor a library. */
  private static boolean isWritten(String detail) {
    String name = detail.substring(detail.indexOf('\'') + 1, detail.lastIndexOf('\''));
    String type = detail.substring(detail.lastIndexOf(' ') + 1);
    return name.indexOf('$') < 0 && !Advice.isOfLibrary(type);
  }

  private FaultPath.@Nullable Step find(Predicate<Object> isSought) {
    FaultPath path = new FaultPath(isSought);
    FaultPath.Step step = path.find(root);
    for (int i = lambdas.size() - 1; step == null && i >= 0; i--) {
      step = path.find(lambdas.get(i));
    }
    return step;
  }

  private String where(FaultPath.@Nullable Step step) {
    if (step == null) {
      return " somewhere inside " + root.getClass().getName();
    }
    String path = path(step);
    return (path.isEmpty() ? "" : " at " + path)
        + (step.detail() == null ? "" : " (" + step.detail() + ")");
  }

  /** Joins the segments; long chains, such as those of a linked list, lose their middle. */
  private static String path(FaultPath.Step end) {
    ArrayDeque<String> segments = new ArrayDeque<>();
    for (FaultPath.Step step = end; step != null; step = step.from()) {
      if (!step.segment().isEmpty()) {
        segments.addFirst(step.segment());
      }
    }
    int longest = 40;
    int skipped = Math.max(0, segments.size() - longest);
    StringBuilder path = new StringBuilder();
    boolean separate = false;
    int i = 0;
    for (String segment : segments) {
      i++;
      if (skipped > 0 && i > longest / 2 && i <= longest / 2 + skipped) {
        path.append(i == longest / 2 + 1 ? "...(" + skipped + " steps)..." : "");
        continue;
      }
      boolean phrase = segment.charAt(0) != '.' && segment.charAt(0) != '[';
      if (separate || phrase && path.length() > 0) {
        path.append(": ");
      }
      boolean first = path.length() == 0 || separate;
      path.append(first && segment.charAt(0) == '.' ? segment.substring(1) : segment);
      separate = phrase;
    }
    return path.toString();
  }

  /** Finds the serialization method of the user's that an exception came out of. */
  private static @Nullable String throwingMethod(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      if (OWN_SERIALIZATION.contains(frame.getMethodName())
          && !frame.getClassName().startsWith("java.io.ObjectOutputStream")) {
        return frame.getClassName() + "." + frame.getMethodName();
      }
    }
    return null;
  }

  private static boolean isA(Object part, String className) {
    for (Class<?> type = part.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getName().equals(className)) {
        return true;
      }
    }
    return false;
  }
}
