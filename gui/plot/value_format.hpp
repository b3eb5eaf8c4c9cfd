#pragma once

#include <string>

namespace sketchscope {

/// Formats a value for ticks, legends and readouts. A value that is not finite becomes "–".
using ValueFormat = std::string (*)(double value);

/// Formats three significant digits, integers from 1000 on: "0.083", "312", "1.2e-05", "16384".
std::string format_number(double value);
std::string format_integer(double value);
/// Formats a share: 0.031 as "3.1 %".
std::string format_percent(double value);
/// Formats a share with its sign: "+3.1 %", "−87 %".
std::string format_signed_percent(double value);
/// Formats bytes: "512 B", "8 KiB", "4.81 MiB".
std::string format_bytes(double value);
/// Formats a step: "step 312".
std::string format_step(double value);
std::string format_milliseconds(double value);
std::string format_tokens_per_second(double value);

}  // namespace sketchscope
