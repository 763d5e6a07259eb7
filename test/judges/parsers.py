"""Parsers of command lines that stand in a training script: they alone are taken out of its source and run."""

import argparse
import ast
import builtins
import functools
import json
import os
import sys
import warnings
from datetime import datetime
from unittest.mock import MagicMock

# What parsers use of the standard library.
LIBRARY = {"argparse": argparse, "os": os, "sys": sys, "warnings": warnings, "json": json, "datetime": datetime}


class Names(dict):
    """The names that a stretch of a script sees; what is not given and not Python's own is stood in for."""

    def __missing__(self, name):
        return getattr(builtins, name) if hasattr(builtins, name) else MagicMock()


@functools.cache
def tree(path):
    with open(path, encoding="utf-8") as file:
        return ast.parse(file.read())


def names_in(nodes):
    return {node.id for each in nodes for node in ast.walk(each) if isinstance(node, ast.Name)}


def run(nodes, path, **given):
    """The names that these statements of the script at `path` leave, run with `given`."""
    names = {name: Names()[name] for name in names_in(nodes)} | LIBRARY | given
    exec(compile(ast.Module(list(nodes), []), path, "exec"), names)
    return names


def functions(path, *names):
    """The functions of the script that have one of the names, wherever they stand."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef) and node.name in names]


def parsed(words, parse):
    """What `parse` makes of a command line, by name; where it stops, argparse's own words are the reason."""
    before, sys.argv = sys.argv, ["script.py", *words]
    try:
        # JSON has no infinity.
        return {name: "inf" if value == float("inf") else value for name, value in vars(parse()).items()}
    finally:
        sys.argv = before
