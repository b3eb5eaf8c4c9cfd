#pragma once

namespace sketchscope {

/// Width of a count-min table whose estimates exceed the truth by at most `epsilon`·N: ⌈e/ε⌉
/// (Cormode and Muthukrishnan, 2005). Throws UsageError unless 0 < epsilon < 1.
int suggested_width(double epsilon);

/// Rows at which that holds with probability `confidence`: ⌈ln 1/(1 − confidence)⌉, at least 1.
/// Throws UsageError unless 0 < confidence < 1.
int suggested_depth(double confidence);

}  // namespace sketchscope
