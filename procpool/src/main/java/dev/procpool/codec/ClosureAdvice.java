package dev.procpool.codec;

import java.lang.invoke.SerializedLambda;
import org.jspecify.annotations.Nullable;

/** What to do about the objects that closures and references to methods take along. */
final class ClosureAdvice {

  private ClosureAdvice() {}

  /** What to do about the object that a reference is bound to; null if its class tells nothing. */
  static @Nullable String bound(FaultPath.Step bound) {
    Class<?> type = bound.value().getClass();
    String segment = bound.segment();
    if (segment.endsWith(CompiledFields.OF_GROOVY)) {
      return "make the method static, and pass { x -> Prices.of(x) }.dehydrate()";
    } else if (SourceLanguage.isKotlinScript(type)) {
      return SourceLanguage.OF_KOTLIN_SCRIPT;
    } else if (SourceLanguage.of(type) != SourceLanguage.KOTLIN) {
      return null;
    }
    String object = KotlinClass.objectName(type);
    String method = segment.replaceFirst(".*::(\\S+) .*", "$1");
    return object == null
        ? null
        : "write a lambda that calls it, as in { x: Int -> " + object + "." + method + "(x) }";
  }

  /**
   * What to do about the object that a closure stands in.
   *
   * @param closure the step to the closure
   * @param around the object that it stands in
   */
  static String withoutThis(FaultPath.Step closure, Object around) {
    SourceLanguage language = SourceLanguage.of(closure.value().getClass());
    ClassLoader loader = around.getClass().getClassLoader();
    if (language != SourceLanguage.GROOVY) {
      return language.withoutThis(null);
    } else if (loader != null && ClassWithoutFile.isOfGroovy(loader.getClass().getName())) {
      return "no worker can load the classes of a script that is not compiled: "
          + ClassWithoutFile.GROOVYC;
    } else if (closure.from() != null && closure.from().value() instanceof SerializedLambda) {
      return language.withoutThis(null);
    }
    return "a closure holds the object around it: copy what is needed of it into a local variable,"
        + " and pass { x -> ... }.dehydrate(), which does not";
  }
}
