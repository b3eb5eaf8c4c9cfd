# SKETCHSCOPE_RELEASE_DATE: the day that packaging/changelog names for this version, as 2026-11-29.
file(READ ${PROJECT_SOURCE_DIR}/packaging/changelog changelog)
if(NOT changelog MATCHES "^sketchscope \\(([0-9.]+)\\)")
  message(FATAL_ERROR "packaging/changelog does not begin with 'sketchscope (VERSION)'")
endif()
if(NOT CMAKE_MATCH_1 STREQUAL PROJECT_VERSION)
  message(FATAL_ERROR "packaging/changelog begins with version ${CMAKE_MATCH_1}; expected "
                      "${PROJECT_VERSION}, which CMakeLists.txt names. Write its entry.")
endif()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/packaging/changelog)
string(REGEX MATCH "\n -- [^\n]*>  [A-Za-z]+, ([0-9]+) ([A-Za-z]+) ([0-9]+)" signed "${changelog}")
set(months Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec)
list(FIND months "${CMAKE_MATCH_2}" month)
math(EXPR month "${month} + 101") # two digits after a one
string(SUBSTRING "${month}" 1 2 month)
set(SKETCHSCOPE_RELEASE_DATE "${CMAKE_MATCH_3}-${month}-${CMAKE_MATCH_1}")
