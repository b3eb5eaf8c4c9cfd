#pragma once

#include <string>

namespace sketchscope {

/// How a value is written: under a tick, in a legend, in a readout. What is not finite is "–".
using ValueFormat = std::string (*)(double value);

/// Three significant digits, whole from 1000 on: "0.083", "312", "1.2e-05", "16384".
std::string format_number(double value);
std::string format_integer(double value);
/// A share: 0.031 is "3.1 %".
std::string format_percent(double value);
/// The same with its sign: "+3.1 %", "−87 %".
std::string format_signed_percent(double value);
/// Bytes: "512 B", "8 KiB", "4.81 MiB".
std::string format_bytes(double value);
/// "step 312"
std::string format_step(double value);
std::string format_milliseconds(double value);
std::string format_tokens_per_second(double value);

}  // namespace sketchscope
