import { Module } from '@nestjs/common';
import { MoneyConsumer } from './money/money.consumer.js';
import { FeedbackConsumer } from './feedback/feedback.consumer.js';
import { ReportsController } from './figures/reports.controller.js';
import { SalesConsumer } from './sales/sales.consumer.js';
import { StockConsumer } from './stock/stock.consumer.js';

@Module({ controllers: [SalesConsumer, MoneyConsumer, StockConsumer, FeedbackConsumer, ReportsController] })
export class ReportingModule {}
