"""Assemblies (组件) and units (单件): lots made or mixed of other lots, units with serial numbers, stations.

Every making is one act with one edge for each contributor; nothing is overwritten, and emptied lots stay. What mixed
so that nobody can tell it apart is `possible` in each part, and stays `certain` where it is one heat or batch.
"""
