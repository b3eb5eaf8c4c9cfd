#pragma once

// OpenGL 3.3 with the functions declared; GLVND's libOpenGL holds them all.
#define GL_GLEXT_PROTOTYPES
#include <GL/gl.h>
#include <GL/glext.h>
