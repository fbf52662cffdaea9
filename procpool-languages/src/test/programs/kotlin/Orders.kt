package acme

import dev.procpool.Pool
import dev.procpool.function.Task1
import dev.procpool.local.ProcessPool
import java.nio.file.Path
import java.util.Optional
import java.util.concurrent.ExecutionException
import java.util.function.Function

class Connection // not serializable

val items = listOf(1, 2)

class Orders(private val rate: Int) {
  fun priced(x: Int) = x * rate

  fun field(pool: Pool) = pool.map({ x: Int -> x * rate }, items)

  fun method(pool: Pool) = pool.map({ x: Int -> priced(x) }, items)

  fun copied(pool: Pool): Any? {
    val rate = this.rate
    return pool.map({ x: Int -> x * rate }, items)
  }

  fun reference(pool: Pool) = pool.map(this::priced, items)

  fun localFunction(pool: Pool): Any? {
    fun twice(x: Int) = 2 * x * rate
    return pool.map({ x: Int -> twice(x) }, items)
  }

  fun copiedForLocalFunction(pool: Pool): Any? {
    val rate = this.rate
    fun twice(x: Int) = 2 * x * rate
    return pool.map({ x: Int -> twice(x) }, items)
  }

  fun expression(pool: Pool) =
      pool.map(object : Task1<Int, Int> { override fun call(x: Int) = x * rate }, items)

  fun copiedForExpression(pool: Pool): Any? {
    val rate = this.rate
    return pool.map(object : Task1<Int, Int> { override fun call(x: Int) = x * rate }, items)
  }

  inner class Inner : Task1<Int, Int> {
    override fun call(x: Int) = x * rate
  }

  fun inner(pool: Pool) = pool.map(Inner(), items)

  class Nested(private val rate: Int) : Task1<Int, Int> {
    override fun call(x: Int) = x * rate
  }

  companion object {
    private val rate = 5

    fun times(x: Int) = x * 6

    fun lambda(pool: Pool) = pool.map({ x: Int -> x * rate }, items)
  }
}

object Prices {
  fun twice(x: Int) = x * 2
}

fun topLevel(x: Int) = x + 1

fun interface Step { fun of(x: Int): Int }

fun interface SerializableStep : java.io.Serializable { fun of(x: Int): Int }

fun interface SerializableFunction<T, R> : java.util.function.Function<T, R>, java.io.Serializable

class Holder(val connection: Connection) : java.io.Serializable

class TransientHolder(@Transient val connection: Connection) : java.io.Serializable

data class Named(val name: String)

data class Line(val at: Path, val note: Optional<String>, val pair: Pair<Int, OptionalPoint>, val none: Unit) :
    java.io.Serializable

@JvmRecord data class OptionalPoint(val x: Optional<Int>, val y: Int)

fun show(name: String, call: () -> Any?) {
  val shown = try { call() } catch (e: ExecutionException) { e.cause!!.message } catch (e: Exception) { e }
  println("== $name\n$shown")
}

fun main() {
  ProcessPool.create(1).use { pool ->
    val orders = Orders(3)
    val connection = Connection()
    val plain: (Int) -> Int = { it * 2 }
    val serializable: (Int) -> Int = @JvmSerializableLambda { it * 2 }
    val step = Step { it * 2 }
    val serializableStep = SerializableStep { it * 2 }
    val function = Function<Int, Int> { it * 2 }
    val serializableFunction = SerializableFunction<Int, Int> { it * 2 }
    var count = 1

    show("a field") { orders.field(pool) }
    show("a method") { orders.method(pool) }
    show("a field, copied") { orders.copied(pool) }
    show("a reference to a method") { orders.reference(pool) }
    show("a reference to a function") { pool.map(::topLevel, items) }
    show("a reference to an object's") { pool.map(Prices::twice, items) }
    show("a lambda instead") { pool.map({ x: Int -> Prices.twice(x) }, items) }
    show("a reference to a companion's") { pool.map(Orders::times, items) }
    show("a lambda instead of that") { pool.map({ x: Int -> Orders.times(x) }, items) }
    show("a local function") { orders.localFunction(pool) }
    show("a local function, copied") { orders.copiedForLocalFunction(pool) }
    show("an object expression") { orders.expression(pool) }
    show("an object expression, copied") { orders.copiedForExpression(pool) }
    show("an inner class") { orders.inner(pool) }
    show("a nested class") { pool.map(Orders.Nested(3), items) }
    show("in a companion") { Orders.lambda(pool) }
    show("a variable") { pool.map({ x: Int -> x + connection.hashCode() }, items) }
    show("a var") { pool.map({ x: Int -> count += x; count }, items).toString() + ", here " + count }
    show("a function") { pool.map(plain, items) }
    show("a function within") { pool.map({ x: Int -> plain(x) }, items) }
    show("a serializable function") { pool.map(serializable, items) }
    show("a serializable function within") { pool.map({ x: Int -> serializable(x) }, items) }
    show("a fun interface") { pool.map({ x: Int -> step.of(x) }, items) }
    show("a serializable fun interface") { pool.map({ x: Int -> serializableStep.of(x) }, items) }
    show("an interface of Java") { pool.map({ x: Int -> function.apply(x) }, items) }
    show("a serializable one of Java") { pool.map({ x: Int -> serializableFunction.apply(x) }, items) }
    show("a class as argument") { pool.map({ x: Named -> x.name }, listOf(Named("a"))) }
    show("a class as result") { pool.map({ x: String -> Named(x) }, listOf("a")) }
    show("a property") { pool.map({ x: Holder -> "$x" }, listOf(Holder(connection))) }
    show("a transient property") { pool.map({ x: TransientHolder -> x.connection == null }, listOf(TransientHolder(connection))) }
    show("a sequence") { pool.map({ x: Sequence<Int> -> x.sum() }, listOf(items.asSequence())) }
    show("a list of it") { pool.map({ x: List<Int> -> x.sum() }, listOf(items.asSequence().toList())) }
    show("data") { pool.map({ x: Line -> x }, listOf(Line(Path.of("a"), Optional.of("b"), 1 to OptionalPoint(Optional.of(2), 3), Unit))) }
    show("Unit") { pool.map({ _: Int -> Unit }, items) }
  }
}
