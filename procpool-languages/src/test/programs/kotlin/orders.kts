import dev.procpool.local.ProcessPool
import java.util.concurrent.ExecutionException

val rate = 3
val items = listOf(1, 2)

fun priced(x: Int) = x * rate

object Prices {
  fun twice(x: Int) = x * 2
}

fun show(name: String, call: () -> Any?) {
  val shown = try { call() } catch (e: ExecutionException) { e.cause!!.message } catch (e: Exception) { e }
  println("== $name\n$shown")
}

ProcessPool.create(1).use { pool ->
  show("nothing") { pool.map({ x: Int -> x + 1 }, items) }
  show("a val") { pool.map({ x: Int -> x * rate }, items) }
  show("a val, copied") { run { val rate = rate; pool.map({ x: Int -> x * rate }, items) } }
  show("a function") { pool.map({ x: Int -> priced(x) }, items) }
  show("a reference to a function") { pool.map(::priced, items) }
  show("a function of an object") { pool.map({ x: Int -> Prices.twice(x) }, items) }
}
